/// Basic and advanced groups of Alibaba Cloud; AWS groups are all `normal`.
package enum SecurityGroupType: String, Hashable, Sendable, CaseIterable {
    /// A basic group: may be open inside, and lets traffic out by default.
    case normal
    /// An advanced group: no group references, nothing is admitted by default in either direction.
    case enterprise
}

/// What a group does with traffic between its own members. Source: SEMANTICS A.5.
package enum InnerAccessPolicy: String, Hashable, Sendable, CaseIterable {
    /// Members reach one another, whatever the custom rules say.
    case accept = "Accept"
    /// Nothing special happens; custom rules and the default decide.
    case drop = "Drop"
}

/// A set of rules that interfaces join.
package struct SecurityGroup: Hashable, Sendable {
    package var id: SecurityGroupID
    package var name: String?
    /// The address space that the group belongs to; `nil` is Alibaba Cloud's classic network.
    package var vpc: VPCID?
    package var type: SecurityGroupType
    /// Only basic groups of Alibaba Cloud can have `accept`.
    package var innerAccessPolicy: InnerAccessPolicy
    package var serviceManaged: Bool
    package var owner: String?
    package var region: String?
    package var deletionProtection: Bool
    package var rules: [SecurityGroupRule]

    package init(
        id: SecurityGroupID, name: String? = nil, vpc: VPCID? = nil,
        type: SecurityGroupType = .normal, innerAccessPolicy: InnerAccessPolicy? = nil,
        serviceManaged: Bool = false, owner: String? = nil, region: String? = nil,
        deletionProtection: Bool = false, rules: [SecurityGroupRule] = []
    ) {
        self.id = id
        self.name = name
        self.vpc = vpc
        self.type = type
        self.innerAccessPolicy = innerAccessPolicy ?? (type == .normal ? .accept : .drop)
        self.serviceManaged = serviceManaged
        self.owner = owner
        self.region = region
        self.deletionProtection = deletionProtection
        self.rules = rules
    }
}
