package import CloudModel

/// Which interfaces evaluate a packet, as places in the fleet's list.
package struct EvaluationSites: Hashable, Sendable {
    /// The interface that owns the source.
    package var egress: Int?
    /// The interface that owns the destination.
    package var ingress: Int?
    /// Why no interface evaluates the packet; `nil` if one does.
    package var failure: Reason?

    package init(egress: Int? = nil, ingress: Int? = nil, failure: Reason? = nil) {
        self.egress = egress
        self.ingress = ingress
        self.failure = failure
    }
}

/// Which interfaces own an address, over all VPCs.
///
/// - Complexity: one trie look-up for each address, plus the owners where address spaces overlap.
struct InterfaceDirectory: Sendable {
    private let ipv4: AddressTrie
    private let ipv6: AddressTrie
    /// Members are places in the fleet's list of interfaces.
    private let owners: PrefixChains
    private let macs: [MACAddress?]
    private let vpcs: [VPCID?]

    /// The directory of a fleet's interfaces.
    init(_ interfaces: [NetworkInterface]) {
        var builder = PrefixChainBuilder()
        func trie(_ family: AddressFamily, _ builder: inout PrefixChainBuilder) -> AddressTrie {
            var memberships: [(prefix: AddressPrefix, member: UInt32)] = []
            for (place, interface) in interfaces.enumerated() {
                for block in interface.addresses where block.family == family {
                    memberships.append((AddressPrefix(block), UInt32(place)))
                }
            }
            return builder.makeTrie(memberships)
        }
        ipv4 = trie(.ipv4, &builder)
        ipv6 = trie(.ipv6, &builder)
        owners = builder.chains
        macs = interfaces.map(\.mac)
        vpcs = interfaces.map(\.vpc)
    }

    /// Egress at the interface that owns the source, ingress at the one that owns the destination.
    /// Source: FORMATS section 3.
    func sites(
        for packet: Packet, sourceMAC: MACAddress?, destinationMAC: MACAddress?, vpc: VPCID?
    ) -> EvaluationSites {
        let senders = chain(holding: packet.source)
        let receivers = chain(holding: packet.destination)
        guard senders != 0 || receivers != 0 else {
            return EvaluationSites(failure: .noInterface)
        }
        let sites = EvaluationSites(
            egress: owner(in: senders, mac: sourceMAC, vpc: vpc),
            ingress: owner(in: receivers, mac: destinationMAC, vpc: vpc))
        let isAmbiguous =
            (senders != 0 && sites.egress == nil) || (receivers != 0 && sites.ingress == nil)
        return isAmbiguous ? EvaluationSites(failure: .ambiguousInterface) : sites
    }

    /// Whether the interface at `place` owns `address`.
    func owns(_ address: IPAddress, place: Int) -> Bool {
        owners.allMembers(of: chain(holding: address)).contains(UInt32(place))
    }

    /// The bytes that the directory takes.
    var byteCount: Int {
        ipv4.byteCount + ipv6.byteCount + owners.byteCount
            + macs.count * MemoryLayout<MACAddress?>.stride
            + vpcs.count * MemoryLayout<VPCID?>.stride
    }

    private func chain(holding address: IPAddress) -> UInt32 {
        let trie = address.family == .ipv4 ? ipv4 : ipv6
        return trie.value(high: address.high, low: address.low)
    }

    /// The one owner in a chain, or the one whose Ethernet address or VPC is right.
    private func owner(in chain: UInt32, mac: MACAddress?, vpc: VPCID?) -> Int? {
        let own = owners.ownMembers(of: chain)
        if own.count == 1, owners.link(of: chain) == 0 {
            return Int(owners.members[own.lowerBound])
        }
        // An interface may own a prefix and an address in it.
        let places = Set(owners.allMembers(of: chain).map(Int.init))
        if places.count == 1 { return places.first }
        let byMAC = places.filter { macs[$0] != nil && macs[$0] == mac }
        if byMAC.count == 1 { return byMAC.first }
        let byVPC = places.filter { vpcs[$0] != nil && vpcs[$0] == vpc }
        return byVPC.count == 1 ? byVPC.first : nil
    }
}
