package import CloudModel

extension JSONWriter {
    /// Writes a packet as FORMATS section 3 has it; fields that it does not have are left out.
    ///
    /// The packet is the root, or an array's next element. `networkInterface` and `direction` say
    /// where it was seen, if that is known.
    package mutating func write(
        _ packet: Packet, at networkInterface: NetworkInterfaceID? = nil,
        seen direction: Direction? = nil
    ) {
        beginObject()
        writeMembers(packet, networkInterface, direction)
        endObject()
    }

    /// Writes a packet as the value of `key`: see ``write(_:at:seen:)``.
    package mutating func write(
        _ key: String, _ packet: Packet, at networkInterface: NetworkInterfaceID? = nil,
        seen direction: Direction? = nil
    ) {
        beginObject(key)
        writeMembers(packet, networkInterface, direction)
        endObject()
    }

    /// Writes a decision as FORMATS section 3 has it: the root, or an array's next element.
    package mutating func write(_ decision: Decision) {
        beginObject()
        writeMembers(decision)
        endObject()
    }

    /// Writes a decision as the value of `key`.
    package mutating func write(_ key: String, _ decision: Decision) {
        beginObject(key)
        writeMembers(decision)
        endObject()
    }

    /// Writes a decision's fields into the object that is open, so that others can follow.
    package mutating func writeMembers(_ decision: Decision) {
        write("decision", decision.verdict.rawValue)
        write("reason", decision.reason.rawValue)
        if let rule = decision.rule { write("rule", rule.text) }
        if let group = decision.securityGroup { write("securityGroup", group.text) }
        if let interface = decision.networkInterface { write("networkInterface", interface.text) }
        if let direction = decision.direction { write("direction", direction.rawValue) }
    }

    /// Writes an address as the value of `key`.
    package mutating func write(_ key: String, _ address: IPAddress) {
        write(key: key)
        appendPlain { writer in
            guard address.family == .ipv4 else { return writer.appendText(address.description) }
            for shift: UInt32 in [24, 16, 8, 0] {
                if shift < 24 { writer.appendByte(UInt8(ascii: ".")) }
                writer.appendDecimal(UInt64(address.ipv4Value >> shift & 255))
            }
        }
    }

    private mutating func writeMembers(
        _ packet: Packet, _ networkInterface: NetworkInterfaceID?, _ direction: Direction?
    ) {
        if let networkInterface { write("networkInterface", networkInterface.text) }
        if let direction { write("direction", direction.rawValue) }
        write(protocol: packet.ipProtocol)
        write("source", packet.source)
        if case .ports(let source, _, _) = packet.transport { write("sourcePort", source) }
        write("destination", packet.destination)
        writeTransport(of: packet)
        if let fragment = packet.fragment { write(fragment) }
        if let quoted = packet.quoted { write("quoted", quoted.packet) }
    }

    /// The transport fields, but for the source port, which stands beside its address.
    private mutating func writeTransport(of packet: Packet) {
        switch packet.transport {
        case .none: break
        case .ports(_, let destination, let flags):
            write("destinationPort", destination)
            if let flags { write("tcpFlags", flags.description) }
        case .icmp(let type, let code):
            write("icmpType", type)
            write("icmpCode", code)
            if let identifier = packet.icmpIdentifier { write("icmpId", identifier) }
        }
    }

    private mutating func write(_ fragment: Fragment) {
        beginObject("fragment")
        write("id", fragment.identification)
        write("offset", fragment.offset)
        write("more", fragment.hasMore)
        endObject()
    }

    private mutating func write(protocol ipProtocol: IPProtocol) {
        write(anyKey: "protocol")
        writeElement(ipProtocol)
    }

    /// A protocol's name, or its number where it has none.
    private mutating func writeElement(_ ipProtocol: IPProtocol) {
        switch ipProtocol {
        case .tcp, .udp, .icmp, .icmpv6, .gre: write(ipProtocol.description)
        default: write(ipProtocol.rawValue)
        }
    }
}

extension JSONWriter {
    /// A string as JSON text, in quotes.
    package static func text(_ string: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(string)
        return writer.bytes
    }

    /// A protocol as packet objects have it: the name, or the number of one without a name.
    package static func text(_ ipProtocol: IPProtocol) -> [UInt8] {
        var writer = JSONWriter()
        writer.writeElement(ipProtocol)
        return writer.bytes
    }
}
