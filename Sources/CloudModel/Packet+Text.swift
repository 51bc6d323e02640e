/// Why a text is not a packet. Texts are kept as the user wrote them.
package enum PacketTextError: Error, Hashable {
    /// The text stops where `expected` should stand.
    case incomplete(expected: String)
    case unknownProtocol(String)
    /// Neither an address nor an address with a port.
    case badEndpoint(String)
    /// Something else stands where `>` separates source and destination.
    case missingArrow(found: String)
    case mixedFamilies
    /// One side has a port and the other has none.
    case onePortOnly
    /// Ports for a protocol that has none.
    case portsNotAllowed(IPProtocol)
    case badNumber(String, field: String, maximum: UInt32)
    case badFlags(String)
    /// A word behind the addresses that this protocol does not take there.
    case unexpected(String)

    /// The one-line message, without a full stop.
    package var message: String {
        switch self {
        case .incomplete(let expected): "the packet ends where \(expected) is expected"
        case .unknownProtocol(let text): "unknown protocol `\(text)`"
        case .badEndpoint(let text):
            "`\(text)` is not an address, `address:port` or `[address]:port`"
        case .missingArrow(let found): "`>` is expected between the addresses, not `\(found)`"
        case .mixedFamilies: "source and destination are of different IP versions"
        case .onePortOnly: "only one side has a port; give both or none"
        case .portsNotAllowed(let ipProtocol): "protocol `\(ipProtocol)` has no ports"
        case .badNumber(let text, let field, let maximum):
            "\(field) `\(text)` is not a number from 0 to \(maximum)"
        case .badFlags(let text): "`\(text)` are not TCP flags (letters of `FSRP.UEW`)"
        case .unexpected(let text): "unexpected `\(text)` in the packet"
        }
    }
}

extension Packet: CustomStringConvertible {
    /// The form that ``init(_:)`` reads: `tcp 203.0.113.5:40000 > 10.0.1.10:443 flags S`.
    package var description: String {
        var text = "\(ipProtocol) "
        switch transport {
        case .none:
            text += "\(source) > \(destination)"
        case .ports(let sourcePort, let destinationPort, let tcpFlags):
            text += "\(source.withPort(sourcePort)) > \(destination.withPort(destinationPort))"
            if let tcpFlags { text += " flags \(tcpFlags.description)" }
        case .icmp(let type, let code):
            text += "\(source) > \(destination) type \(type) code \(code)"
            if let icmpIdentifier { text += " id \(icmpIdentifier)" }
        }
        if let fragment {
            text += " fragment id \(fragment.identification) offset \(fragment.offset)"
            if fragment.hasMore { text += " more" }
        }
        return text
    }

    /// Reads the text form of a packet:
    ///
    ///     tcp 203.0.113.5:40000 > 10.0.1.10:443          any protocol with ports; flags S. may follow
    ///     udp [2001:db8::1]:5353 > [2001:db8::2]:53
    ///     icmp 10.0.0.1 > 10.0.0.2 type 8 code 0         id 77 may follow
    ///     47 10.0.0.1 > 10.0.0.2                          any protocol, by number or name
    ///     udp 10.0.0.1 > 10.0.0.2 fragment id 7 offset 1480 more
    ///
    /// Ports, and type and code, may be left out: such a packet meets only rules that do not ask.
    /// The packet that an ICMP error quotes has no text form.
    ///
    /// - Throws: the first thing that is wrong, from the left.
    package init(_ text: String) throws(PacketTextError) {
        var words = WordReader(text)
        let protocolText = try words.next("a protocol")
        guard let ipProtocol = IPProtocol(protocolText) else {
            throw .unknownProtocol(protocolText)
        }
        let source = try Endpoint(words.next("the source"))
        let arrow = try words.next("`>`")
        guard arrow == ">" else { throw .missingArrow(found: arrow) }
        let destination = try Endpoint(words.next("the destination"))
        guard source.address.family == destination.address.family else { throw .mixedFamilies }
        let transport = try words.transport(ipProtocol, from: source.port, to: destination.port)
        let identifier = try words.icmpIdentifier(transport)
        self.init(
            source: source.address, destination: destination.address, ipProtocol: ipProtocol,
            transport: transport, fragment: try words.fragment(), icmpIdentifier: identifier)
        if let extra = words.nextIfAny() { throw .unexpected(extra) }
    }
}

/// An address and, where the text gives one, a port.
private struct Endpoint {
    let address: IPAddress
    let port: UInt16?

    init(_ text: String) throws(PacketTextError) {
        if let address = IPAddress(text) {
            self.address = address
            port = nil
            return
        }
        let isBracketed = text.hasPrefix("[")
        guard let end = isBracketed ? text.lastIndex(of: "]") : text.lastIndex(of: ":"),
            let address = IPAddress(String(isBracketed ? text[..<end].dropFirst() : text[..<end])),
            isBracketed == (address.family == .ipv6)
        else { throw .badEndpoint(text) }
        self.address = address
        let rest = isBracketed ? text[text.index(after: end)...] : text[end...]
        if rest.isEmpty {
            port = nil
        } else if rest.first == ":" {
            port = try number(String(rest.dropFirst()), field: "port", as: UInt16.self)
        } else {
            throw .badEndpoint(text)
        }
    }
}

/// The blank-separated words of a packet's text, taken from the left.
private struct WordReader {
    private var words: ArraySlice<Substring>

    init(_ text: String) {
        words = ArraySlice(text.split { $0 == " " || $0 == "\t" })
    }

    mutating func nextIfAny() -> String? { words.popFirst().map(String.init) }

    mutating func next(_ expected: String) throws(PacketTextError) -> String {
        guard let word = nextIfAny() else { throw .incomplete(expected: expected) }
        return word
    }

    /// Takes the next word if it is `word`.
    mutating func takes(_ word: String) -> Bool {
        guard words.first.map(String.init) == word else { return false }
        words.removeFirst()
        return true
    }

    /// Takes the word `field` and the number behind it.
    mutating func number<Value: FixedWidthInteger & UnsignedInteger>(
        after field: String, as: Value.Type
    ) throws(PacketTextError) -> Value {
        let found = try next("`\(field)`")
        guard found == field else { throw .unexpected(found) }
        return try CloudModel.number(next("a number"), field: field, as: Value.self)
    }

    mutating func transport(
        _ ipProtocol: IPProtocol, from source: UInt16?, to destination: UInt16?
    ) throws(PacketTextError) -> Transport {
        guard (source == nil) == (destination == nil) else { throw .onePortOnly }
        if let source, let destination {
            guard ipProtocol.beginsWithPorts else { throw .portsNotAllowed(ipProtocol) }
            let flags = ipProtocol == .tcp ? try tcpFlags() : nil
            return .ports(source: source, destination: destination, tcpFlags: flags)
        }
        guard ipProtocol.isICMP, words.first == "type" else { return .none }
        return .icmp(
            type: try number(after: "type", as: UInt8.self),
            code: try number(after: "code", as: UInt8.self))
    }

    private mutating func tcpFlags() throws(PacketTextError) -> TCPFlags? {
        guard takes("flags") else { return nil }
        let text = try next("TCP flags")
        guard let flags = TCPFlags(text) else { throw .badFlags(text) }
        return flags
    }

    mutating func icmpIdentifier(_ transport: Transport) throws(PacketTextError) -> UInt16? {
        guard case .icmp = transport, words.first == "id" else { return nil }
        return try number(after: "id", as: UInt16.self)
    }

    mutating func fragment() throws(PacketTextError) -> Fragment? {
        guard takes("fragment") else { return nil }
        return Fragment(
            identification: try number(after: "id", as: UInt32.self),
            offset: try number(after: "offset", as: UInt16.self), hasMore: takes("more"))
    }
}

private func number<Value: FixedWidthInteger & UnsignedInteger>(
    _ text: String, field: String, as: Value.Type
) throws(PacketTextError) -> Value {
    guard let value = Value(text), text.utf8.first != UInt8(ascii: "+") else {
        throw .badNumber(text, field: field, maximum: UInt32(Value.max))
    }
    return value
}

extension IPAddress {
    /// The address and a port, the address in brackets if it has colons itself.
    fileprivate func withPort(_ port: UInt16) -> String {
        family == .ipv4 ? "\(self):\(port)" : "[\(self)]:\(port)"
    }
}

extension IPProtocol {
    /// Whether its header begins with a source and a destination port.
    package var beginsWithPorts: Bool {
        [.tcp, .udp, .dccp, .sctp, .udpLite].contains(self)
    }
}
