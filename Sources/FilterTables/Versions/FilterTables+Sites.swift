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

extension FilterTables {
    /// The interfaces that evaluate a packet: egress at the one that owns the source, ingress at the one
    /// that owns the destination. When interfaces of several VPCs own an address, the Ethernet address
    /// on that side decides, then `vpc`. Source: FORMATS section 3.
    ///
    /// - Complexity: one trie look-up for each address, plus the owners where address spaces overlap.
    package func sites(
        for packet: Packet, sourceMAC: MACAddress? = nil, destinationMAC: MACAddress? = nil,
        vpc: VPCID? = nil
    ) -> EvaluationSites {
        let senders = ownerClass(of: packet.source)
        let receivers = ownerClass(of: packet.destination)
        guard !senders.isNone || !receivers.isNone else {
            return EvaluationSites(failure: .noInterface)
        }
        let sites = EvaluationSites(
            egress: owner(in: senders, mac: sourceMAC, vpc: vpc),
            ingress: owner(in: receivers, mac: destinationMAC, vpc: vpc))
        let isAmbiguous =
            (!senders.isNone && sites.egress == nil) || (!receivers.isNone && sites.ingress == nil)
        return isAmbiguous ? EvaluationSites(failure: .ambiguousInterface) : sites
    }

    /// Whether the interface at a place of the fleet's list owns `address`.
    package func owns(_ address: IPAddress, interface place: Int) -> Bool {
        var block = ownerClass(of: address)
        while !block.isNone {
            for index in 0..<memory.memberCount(ofClass: block)
            where memory.member(ofClass: block, at: index) == UInt32(place) { return true }
            block = memory.parent(ofClass: block)
        }
        return false
    }

    /// The class of the interfaces that own an address.
    private func ownerClass(of address: IPAddress) -> BlockRef {
        let word = RootLayout.owners(isIPv6: address.family == .ipv6)
        let trie = memory.entry(version.root, word)
        return BlockRef(line: memory.leaf(of: trie, high: address.high, low: address.low))
    }

    /// The one owner in a class, or the one whose Ethernet address or VPC is right.
    private func owner(in owners: BlockRef, mac: MACAddress?, vpc: VPCID?) -> Int? {
        if owners.isNone { return nil }
        if memory.memberCount(ofClass: owners) == 1, memory.parent(ofClass: owners).isNone {
            return Int(memory.member(ofClass: owners, at: 0))
        }
        // An interface may own a prefix and an address in it.
        let places = allOwners(in: owners)
        if places.count == 1 { return places.first }
        let byMAC = places.filter { place in
            mac != nil && InterfaceRecord.mac(in: record(.interfaces, place), memory) == mac
        }
        if byMAC.count == 1 { return byMAC.first }
        guard let space = vpc.flatMap({ facts.spaceIfKnown(of: $0) }) else { return nil }
        let byVPC = places.filter { place in
            InterfaceRecord.space(in: record(.interfaces, place), memory) == space
        }
        return byVPC.count == 1 ? byVPC.first : nil
    }

    private func allOwners(in owners: BlockRef) -> Set<Int> {
        var places: Set<Int> = []
        var block = owners
        while !block.isNone {
            for index in 0..<memory.memberCount(ofClass: block) {
                places.insert(Int(memory.member(ofClass: block, at: index)))
            }
            block = memory.parent(ofClass: block)
        }
        return places
    }
}
