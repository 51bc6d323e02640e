internal import CloudModel
internal import Scenarios

/// The keys of a packet.
private enum PacketKey: String, JSONKey {
    case networkInterface, direction, source, sourcePort, destination, destinationPort
    case icmpType, icmpCode, icmpId, tcpFlags, fragment, quoted
    case ipProtocol = "protocol"

    static let table = JSONKeyTable<PacketKey>()
}

/// The keys of a packet's place in its datagram.
private enum FragmentKey: String, JSONKey {
    case id, offset, more

    static let table = JSONKeyTable<FragmentKey>()
}

/// A packet's fields as they are read, in whatever order.
private struct PacketDraft {
    var networkInterface: NetworkInterfaceID?
    var direction: Direction?
    var ipProtocol: IPProtocol?
    var source: IPAddress?
    var destination: IPAddress?
    var sourcePort: UInt16?
    var destinationPort: UInt16?
    var icmpType: UInt8?
    var icmpCode: UInt8?
    var icmpIdentifier: UInt16?
    var tcpFlags: TCPFlags?
    var fragment: Fragment?
    var quoted: QuotedPacket?
}

extension DocumentReader {
    /// The packet that comes next, as FORMATS section 3 has it; `nil` if mistakes in it were
    /// reported.
    ///
    /// Fields that the protocol does not have, or a fragment but the first, are passed over. Of two
    /// ports the one left out is 0, and so is an ICMP code.
    mutating func readSeenPacket() throws(JSONSyntaxError) -> SeenPacket? {
        let errorCount = errors.count
        guard var object = try enterObject(of: PacketKey.self) else { return nil }
        var draft = PacketDraft()
        while let key = try nextKey(in: &object) { try read(key, into: &draft) }
        require(.ipProtocol, .source, .destination, in: object)
        if let source = draft.source, let destination = draft.destination,
            source.family != destination.family
        {
            report(
                .addressesOfTwoFamilies, at: [.key(PacketKey.destination.rawValue)],
                below: object.start)
        }
        return errors.count == errorCount ? draft.seenPacket : nil
    }

    private mutating func read(
        _ key: PacketKey, into draft: inout PacketDraft
    ) throws(JSONSyntaxError) {
        switch key {
        case .networkInterface:
            draft.networkInterface = try readID(NetworkInterfaceID.self)
        case .direction: draft.direction = try readWord(Direction.self)
        case .ipProtocol: draft.ipProtocol = try readProtocol()
        case .source: draft.source = try readAddress()
        case .destination: draft.destination = try readAddress()
        case .sourcePort: draft.sourcePort = try readNumber(UInt16.self)
        case .destinationPort: draft.destinationPort = try readNumber(UInt16.self)
        case .icmpType: draft.icmpType = try readNumber(UInt8.self)
        case .icmpCode: draft.icmpCode = try readNumber(UInt8.self)
        case .icmpId: draft.icmpIdentifier = try readNumber(UInt16.self)
        case .tcpFlags: draft.tcpFlags = try readFlags()
        case .fragment: draft.fragment = try readFragment()
        case .quoted: draft.quoted = try readQuoted()
        }
    }

    /// The packet inside an ICMP error. Where it was seen is not known.
    private mutating func readQuoted() throws(JSONSyntaxError) -> QuotedPacket? {
        guard let seen = try readSeenPacket() else { return nil }
        for (key, isGiven) in [
            (PacketKey.networkInterface, seen.networkInterface != nil),
            (.direction, seen.direction != nil), (.quoted, seen.packet.quoted != nil),
        ] where isGiven { report(.notInQuoted(key.rawValue)) }
        return QuotedPacket(seen.packet)
    }

    private mutating func readFragment() throws(JSONSyntaxError) -> Fragment? {
        guard var object = try enterObject(of: FragmentKey.self) else { return nil }
        var fragment = Fragment(identification: 0, offset: 0, hasMore: false)
        while let key = try nextKey(in: &object) {
            switch key {
            case .id: fragment.identification = try readNumber(UInt32.self) ?? 0
            case .offset: fragment.offset = try readNumber(UInt16.self) ?? 0
            case .more: fragment.hasMore = try readBoolean() ?? false
            }
        }
        require(.id, in: object)
        return fragment
    }

    private mutating func readNumber<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type
    ) throws(JSONSyntaxError) -> Number? {
        try readInteger(in: 0...Int(Number.max)).map { Number($0) }
    }

    /// A protocol's name or number, the number with or without quotes.
    private mutating func readProtocol() throws(JSONSyntaxError) -> IPProtocol? {
        if try json.nextKind() == .number {
            return try readNumber(UInt8.self).map { IPProtocol(rawValue: $0) }
        }
        guard let text = try readString() else { return nil }
        let ipProtocol = IPProtocol(text)
        if ipProtocol == nil { report(.malformed(.ipProtocol, found: text)) }
        return ipProtocol
    }

    private mutating func readAddress() throws(JSONSyntaxError) -> IPAddress? {
        guard let text = try readString() else { return nil }
        let address = IPAddress(text)
        if address == nil { report(.malformed(.address, found: text)) }
        return address
    }

    private mutating func readFlags() throws(JSONSyntaxError) -> TCPFlags? {
        guard let text = try readString() else { return nil }
        let flags = TCPFlags(text)
        if flags == nil { report(.malformed(.tcpFlags, found: text)) }
        return flags
    }
}

extension PacketDraft {
    /// The packet, if nothing that it needs is missing.
    fileprivate var seenPacket: SeenPacket? {
        guard let ipProtocol, let source, let destination else { return nil }
        var packet = Packet(
            source: source, destination: destination, ipProtocol: ipProtocol, fragment: fragment)
        if !packet.isLaterFragment { addTransport(to: &packet) }
        return SeenPacket(packet, at: networkInterface, direction)
    }

    private func addTransport(to packet: inout Packet) {
        if packet.ipProtocol.beginsWithPorts, sourcePort != nil || destinationPort != nil {
            packet.transport = .ports(
                source: sourcePort ?? 0, destination: destinationPort ?? 0,
                tcpFlags: packet.ipProtocol == .tcp ? tcpFlags : nil)
        }
        guard packet.ipProtocol.isICMP else { return }
        packet.icmpIdentifier = icmpIdentifier
        packet.quoted = quoted
        if let icmpType { packet.transport = .icmp(type: icmpType, code: icmpCode ?? 0) }
    }
}
