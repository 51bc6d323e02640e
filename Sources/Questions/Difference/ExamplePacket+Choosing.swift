import CloudModel

extension ExamplePacket {
    /// A packet of a box that a person recognises: a well-known service, an ephemeral source port, an
    /// address set aside for documentation, where the box has them.
    init(
        of box: DifferenceBox, _ family: AddressFamily,
        at owner: (id: NetworkInterfaceID, addresses: IntervalSet)
    ) {
        let local = box.locals.intersection(owner.addresses).pick([])
        let peers = box[.peer]
        // A block's first address is rarely somebody's.
        let first = peers.intervals[0]
        let second = first.upper - first.lower > 2 ? [first.lower + 1] : []
        let peer = peers.pick(ExamplePacket.familiarPeers(family) + second)
        let familiarProtocols: [IPProtocol] =
            [.tcp, .udp, family == .ipv4 ? .icmp : .icmpv6, .gre]
        let ipProtocol = IPProtocol(
            rawValue: UInt8(box[.ipProtocol].pick(familiarProtocols.map { UInt128($0.rawValue) })))
        let isIngress = box.direction == .ingress
        packet = Packet(
            source: IPAddress(family, number: isIngress ? peer : local),
            destination: IPAddress(family, number: isIngress ? local : peer),
            ipProtocol: ipProtocol, transport: ExamplePacket.transport(of: ipProtocol, in: box))
        networkInterface = owner.id
    }

    private static func transport(of ipProtocol: IPProtocol, in box: DifferenceBox) -> Transport {
        if ipProtocol.hasFilteredPorts {
            let source = box[.sourcePort].pick([40000, 50000, 60000, 1024])
            let destination = box[.destinationPort].pick([443, 80, 22, 53, 8080, 1])
            return .ports(
                source: UInt16(source), destination: UInt16(destination), tcpFlags: nil)
        }
        guard ipProtocol.isICMP else { return .none }
        // An echo request: type 8, in ICMPv6 128.
        let value = box[.icmp].pick([ipProtocol == .icmp ? 8 << 8 : 128 << 8])
        return .icmp(type: UInt8(value >> 8), code: UInt8(value & 255))
    }

    /// Addresses for documentation: RFC 5737, RFC 3849.
    private static func familiarPeers(_ family: AddressFamily) -> [UInt128] {
        family == .ipv4
            ? [0xCB00_7105, 0xC633_6405, 0xC000_0205]
            : [0x2001_0DB8_0000_0000_0000_0000_0000_0005]
    }
}

extension IntervalSet {
    /// The first of `favourites` that is in the set, else the smallest number in it.
    ///
    /// - Precondition: the set is not empty.
    fileprivate func pick(_ favourites: [UInt128]) -> UInt128 {
        favourites.first { contains($0) } ?? intervals[0].lower
    }
}
