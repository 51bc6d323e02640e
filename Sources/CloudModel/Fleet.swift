/// Which cloud's semantics decide.
package enum Vendor: String, Hashable, Sendable, CaseIterable {
    case alibaba
    case aws
}

/// The state of a cloud account that filtering depends on: format `sluice-fleet/1`.
///
/// Arrays keep the order of the file; ids are unique in each. A fleet is a plain value: who holds it
/// may read it from any thread.
package struct Fleet: Hashable, Sendable {
    package var vendor: Vendor
    package var region: String?
    /// The account that owns whatever names no other owner.
    package var account: String?
    package var vpcs: [VPC] = []
    package var prefixLists: [PrefixList] = []
    package var portLists: [PortList] = []
    package var securityGroups: [SecurityGroup] = []
    package var networkInterfaces: [NetworkInterface] = []
    package var instances: [Instance] = []
    package var quotas = Quotas()
    package var switches = Switches()
    /// The regions where the service is offered; `nil` is everywhere.
    package var supportedRegions: [String]?
    /// Where load balancers forward from; such ingress is system traffic on Alibaba Cloud.
    package var loadBalancerSources: [CIDRBlock] = []
    /// Where the platform's on-demand pings come from; such ICMP is system traffic on Alibaba Cloud.
    package var platformProbes: [CIDRBlock] = []
    /// What the next calls of an operation answer, by the operation's name.
    package var faults: [String: [Fault]] = [:]
    /// The number that the next generated rule id takes.
    package var nextRuleNumber = 1

    package init(vendor: Vendor) { self.vendor = vendor }
}

/// An error that the next call of an operation answers without touching the state.
package struct Fault: Hashable, Sendable {
    package var code: String
    package var httpStatus: Int

    package init(code: String, httpStatus: Int) {
        self.code = code
        self.httpStatus = httpStatus
    }
}

/// A virtual private cloud: one address space.
package struct VPC: Hashable, Sendable {
    package var id: VPCID
    /// The first IPv4 block is the primary one.
    package var cidrBlocks: [CIDRBlock]
    package var isDefault: Bool

    package init(id: VPCID, cidrBlocks: [CIDRBlock] = [], isDefault: Bool = false) {
        self.id = id
        self.cidrBlocks = cidrBlocks
        self.isDefault = isDefault
    }
}

/// A named list of CIDR blocks of one family.
package struct PrefixList: Hashable, Sendable {
    package var id: PrefixListID
    package var addressFamily: AddressFamily
    /// What the list counts as in quotas, whatever it holds.
    package var maxEntries: Int
    package var entries: [CIDRBlock]
    package var owner: String?
    package var version: Int?

    package init(
        id: PrefixListID, addressFamily: AddressFamily, maxEntries: Int? = nil,
        entries: [CIDRBlock] = [], owner: String? = nil, version: Int? = nil
    ) {
        self.id = id
        self.addressFamily = addressFamily
        self.maxEntries = maxEntries ?? max(1, entries.count)
        self.entries = entries
        self.owner = owner
        self.version = version
    }
}

/// A named list of destination-port ranges (Alibaba Cloud).
package struct PortList: Hashable, Sendable {
    package var id: PortListID
    package var ranges: [PortRange]

    package init(id: PortListID, ranges: [PortRange]) {
        self.id = id
        self.ranges = ranges
    }
}

/// A virtual machine, as far as operations on its interfaces ask about it.
package struct Instance: Hashable, Sendable {
    /// What the instance's type can do.
    package struct Capabilities: Hashable, Sendable {
        package var enterpriseGroups = true
        package var trunking = true
        package var hotPlug = true

        package init() {}
    }

    package var id: InstanceID
    package var status = "Running"
    package var lockedForSecurity = false
    package var beingCreated = false
    package var owner: String?
    package var region: String?
    package var zone: String?
    package var capabilities = Capabilities()

    package init(id: InstanceID) { self.id = id }
}
