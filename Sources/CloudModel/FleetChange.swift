/// One fact in which a fleet differs from the fleet before, exact enough to edit compiled tables
/// by.
///
/// An operation that succeeds gives a list of them. Applied in order to the old fleet they give the
/// new one, all but its rule counter (``Fleet/nextRuleNumber``), which no table asks about. A
/// change never says what was the case anyway: `removed` entries were there, `added` ones were not.
package enum FleetChange: Hashable, Sendable {
    /// The rule is the last of the group now.
    case ruleAdded(SecurityGroupRule, to: SecurityGroupID)
    case ruleRemoved(SecurityGroupRule, from: SecurityGroupID)
    /// The new rule has the old one's id, direction and place.
    case ruleReplaced(SecurityGroupRule, by: SecurityGroupRule, in: SecurityGroupID)
    /// The group is the last of the fleet now; no interface is in it.
    case groupAdded(SecurityGroup)
    /// No interface was in the group, and no rule of another named it.
    case groupRemoved(SecurityGroup)
    case innerAccessPolicyChanged(of: SecurityGroupID, to: InnerAccessPolicy)
    case securityGroupsReplaced(
        of: NetworkInterfaceID, from: [SecurityGroupID], to: [SecurityGroupID])
    case statusChanged(
        of: NetworkInterfaceID, from: NetworkInterfaceStatus, to: NetworkInterfaceStatus)
    /// What ties the interface to an instance; filtering does not ask about it.
    case attachmentChanged(of: NetworkInterfaceID, to: InterfaceAttachment)
    /// The addresses are the interface's last now, in this order.
    case addressesAdded([CIDRBlock], to: NetworkInterfaceID)
    case addressesRemoved([CIDRBlock], from: NetworkInterfaceID)
    /// First the removed entries went, then the added ones came to the end.
    case prefixListEntriesChanged(of: PrefixListID, removed: [CIDRBlock], added: [CIDRBlock])
    /// What filtering does not ask about.
    case prefixListRevised(PrefixListID, maxEntries: Int, version: Int?)
    case connectionTrackingChanged(of: NetworkInterfaceID, to: ConnectionTracking)
}

/// What ties an interface to an instance.
package struct InterfaceAttachment: Hashable, Sendable {
    package var instance: InstanceID?
    /// AWS's name for the tie: `eni-attach-…`.
    package var name: String?
    /// Whether a detach stays unanswered until the instance restarts.
    package var detachStuck: Bool

    package init(instance: InstanceID? = nil, name: String? = nil, detachStuck: Bool = false) {
        self.instance = instance
        self.name = name
        self.detachStuck = detachStuck
    }
}

extension NetworkInterface {
    /// What ties the interface to its instance.
    package var attachmentState: InterfaceAttachment {
        get {
            InterfaceAttachment(
                instance: instance, name: attachment, detachStuck: detachStuck)
        }
        set {
            instance = newValue.instance
            attachment = newValue.name
            detachStuck = newValue.detachStuck
        }
    }
}
