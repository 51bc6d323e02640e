package import CloudModel

/// The rules of a fleet compiled for speed: what ``Decider`` reads.
///
///     query ──▶ interface ──▶ its set of groups, its VPC
///        │  addresses ──▶ trie of the VPC and family ──▶ address classes ┐
///        │  protocol, ports ──▶ flat tables ──▶ port classes             ├─▶ memo ──▶ outcome
///        └───────────────────────────────────────────────────────────────┘    │ not there
///                                     first match in each group's rule table ◀┘
///
/// Rules are stored once for each group and direction, sets of groups once for each set; a rule is one
/// entry however large the prefix list or group that it names. The decision order is the same for all
/// interfaces, so the rule of a set of groups is the smallest of its groups' first matches. The implicit
/// steps (system, exempt, intra-group) are entries that come before every custom rule.
///
/// An immutable value: any number of threads may read it, each through a ``Decider`` of its own.
package struct FilterTables: Sendable {
    /// What an interface is to a packet that it owns.
    enum InterfaceState: UInt8, Sendable {
        case filtering
        case notAttached
        case withoutGroups
    }

    /// 12 bytes an interface.
    struct InterfaceRecord: Sendable {
        var groupSet: UInt32
        var addressSpace: UInt32
        var state: InterfaceState
    }

    /// The tables that a set of groups asks in one direction, and what it does when none matches.
    struct Policy: Sendable {
        var tables: Range<Int>
        var defaultOutcome: Outcome
    }

    var interfaces: [InterfaceRecord] = []
    /// For each address space IPv4, then IPv6.
    var tries: [AddressTrie] = []
    var chains = PrefixChains()
    var pages = ProtocolPages()
    var portClasses = PortClasses(serviceRanges: [], sourceRanges: [], pages: 1)
    var ruleTables = RuleTables()
    /// For each set of groups ingress, then egress.
    var policies: [Policy] = []
    /// For each set of groups, what it lets through whole.
    var openFlows: [OpenFlows] = []
    /// Numbers of rule tables; a policy has a stretch of them.
    var tablesOfPolicies: [UInt32] = []
    var fragments = Switches.Fragments.firstFragmentDecides

    var directory = InterfaceDirectory([])
    var ruleIDs: [RuleID] = []
    /// The place of each rule's group in ``groupIDs``, with the direction in the lowest bit.
    var ruleOrigins: [UInt32] = []
    var groupIDs: [SecurityGroupID] = []

    init() {}

    /// The number of custom rules.
    package var ruleCount: Int { ruleIDs.count }

    /// Where the rule with a number that ``Outcome/rule`` gave comes from.
    package func rule(_ number: Int) -> RuleOrigin {
        let origin = ruleOrigins[number]
        return RuleOrigin(
            rule: ruleIDs[number], securityGroup: groupIDs[Int(origin >> 1)],
            direction: origin & 1 == 0 ? .ingress : .egress)
    }

    /// The interfaces that evaluate a packet. When interfaces of several VPCs own an address, the
    /// Ethernet address on that side decides, then `vpc`.
    package func sites(
        for packet: Packet, sourceMAC: MACAddress? = nil, destinationMAC: MACAddress? = nil,
        vpc: VPCID? = nil
    ) -> EvaluationSites {
        directory.sites(
            for: packet, sourceMAC: sourceMAC, destinationMAC: destinationMAC, vpc: vpc)
    }

    /// Whether the interface at a place of the fleet's list owns `address`.
    package func owns(_ address: IPAddress, interface place: Int) -> Bool {
        directory.owns(address, place: place)
    }

    /// Whether one rule of the interface's groups admits every packet of `ipProtocol` and `family` in
    /// `direction`: its peer is every address, its ports are all. TCP and UDP only; false for others.
    ///
    /// Several rules that add up to it do not count. Source: SEMANTICS B.5.
    package func isOpen(
        _ direction: Direction, at interface: Int, for ipProtocol: IPProtocol,
        _ family: AddressFamily
    ) -> Bool {
        guard let flow = OpenFlows(direction, ipProtocol, family) else { return false }
        return openFlows[Int(interfaces[interface].groupSet)].contains(flow)
    }

    /// The bytes that decisions read, and those that name rules and find interfaces.
    package var byteCount: Int {
        tries.reduce(0) { $0 + $1.byteCount } + chains.byteCount + portClasses.byteCount
            + ruleTables.byteCount + directory.byteCount
            + interfaces.count * MemoryLayout<InterfaceRecord>.stride
            + policies.count * MemoryLayout<Policy>.stride + openFlows.count
            + 4 * (tablesOfPolicies.count + ruleOrigins.count)
            + ruleIDs.count * MemoryLayout<RuleID>.stride
    }
}

/// A custom rule's name and place.
package struct RuleOrigin: Hashable, Sendable {
    package let rule: RuleID
    package let securityGroup: SecurityGroupID
    package let direction: Direction
}
