internal import CloudModel

/// How a call spells its permissions.
enum PermissionForm: Hashable {
    /// The deprecated parameters beside the call's others.
    case flat
    /// The member of `Permissions` with this number, from 1.
    case listed(Int)

    /// What the call calls the field `name`.
    func name(of field: PermissionField) -> String {
        switch self {
        case .flat: field.rawValue
        case .listed(let number): "Permissions.\(number).\(field.rawValue)"
        }
    }
}

/// The fields of a permission, by the names that calls give them.
enum PermissionField: String, CaseIterable {
    case policy = "Policy"
    case priority = "Priority"
    case ipProtocol = "IpProtocol"
    case sourceCIDR = "SourceCidrIp"
    case ipv6SourceCIDR = "Ipv6SourceCidrIp"
    case sourceGroup = "SourceGroupId"
    case sourceGroupOwner = "SourceGroupOwnerId"
    case sourceGroupOwnerAccount = "SourceGroupOwnerAccount"
    case sourcePrefixList = "SourcePrefixListId"
    case destinationCIDR = "DestCidrIp"
    case ipv6DestinationCIDR = "Ipv6DestCidrIp"
    case destinationGroup = "DestGroupId"
    case destinationGroupOwner = "DestGroupOwnerId"
    case destinationGroupOwnerAccount = "DestGroupOwnerAccount"
    case destinationPrefixList = "DestPrefixListId"
    case portRange = "PortRange"
    case portRangeList = "PortRangeListId"
    case sourcePortRange = "SourcePortRange"
    case nicType = "NicType"
    case description = "Description"

    /// The names of the fields that permissions for traffic in `direction` have: only the peer can
    /// be a group or a prefix list.
    static func names(for direction: Direction) -> Set<String> {
        direction == .ingress ? ingressNames : egressNames
    }

    private static let ingressNames = names(without: [
        .destinationGroup, .destinationGroupOwner, .destinationGroupOwnerAccount,
        .destinationPrefixList,
    ])

    private static let egressNames = names(without: [
        .sourceGroup, .sourceGroupOwner, .sourceGroupOwnerAccount, .sourcePrefixList,
    ])

    private static func names(without others: Set<PermissionField>) -> Set<String> {
        Set(allCases.filter { !others.contains($0) }.map(\.rawValue))
    }
}

/// The names of the fields that say which peer is meant, seen from one direction.
struct PeerFields {
    let cidr: PermissionField
    let ipv6CIDR: PermissionField
    let group: PermissionField
    let groupOwner: PermissionField
    let groupOwnerAccount: PermissionField
    let prefixList: PermissionField

    static func of(_ direction: Direction) -> PeerFields {
        switch direction {
        case .ingress:
            PeerFields(
                cidr: .sourceCIDR, ipv6CIDR: .ipv6SourceCIDR, group: .sourceGroup,
                groupOwner: .sourceGroupOwner, groupOwnerAccount: .sourceGroupOwnerAccount,
                prefixList: .sourcePrefixList)
        case .egress:
            PeerFields(
                cidr: .destinationCIDR, ipv6CIDR: .ipv6DestinationCIDR, group: .destinationGroup,
                groupOwner: .destinationGroupOwner,
                groupOwnerAccount: .destinationGroupOwnerAccount,
                prefixList: .destinationPrefixList)
        }
    }
}

/// One permission of a call, its fields checked against one another but not against the state.
struct Permission {
    /// The rule that the permission describes, without an id. Its network card type is the one
    /// given.
    var rule: SecurityGroupRule
    let form: PermissionForm
    /// Whether the permission names a policy other than accept, or a priority.
    let weighsRules: Bool

    /// The rule as a group keeps it: its network card type only where that means something.
    func rule(in group: SecurityGroup) -> SecurityGroupRule {
        var rule = rule
        rule.nicType = group.isClassic ? rule.nicType ?? .internet : nil
        return rule
    }

    func identity(in group: SecurityGroup) -> RuleIdentity {
        RuleIdentity(rule(in: group), isClassic: group.isClassic)
    }
}
