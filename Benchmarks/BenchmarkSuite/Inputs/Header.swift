internal import CloudModel

/// The five fields that a rule tests, of either version of the Internet Protocol.
struct Header: Hashable {
    var source: IPAddress
    var destination: IPAddress
    var sourcePort: UInt16
    var destinationPort: UInt16
    var ipProtocol: UInt8
}

extension Header {
    /// The header as a plain 5-tuple. The addresses are IPv4.
    var quintuple: Quintuple {
        Quintuple(
            source: source.ipv4Value, destination: destination.ipv4Value, sourcePort: sourcePort,
            destinationPort: destinationPort, ipProtocol: ipProtocol)
    }

    /// The header as a packet: with ports if its protocol has them.
    var packet: Packet {
        let ipProtocol = IPProtocol(rawValue: ipProtocol)
        let ports = Transport.ports(
            source: sourcePort, destination: destinationPort, tcpFlags: nil)
        return Packet(
            source: source, destination: destination, ipProtocol: ipProtocol,
            transport: ipProtocol.hasFilteredPorts ? ports : .none)
    }
}

extension QuintupleRule {
    /// Whether the rule takes `header`.
    func matches(_ header: Header) -> Bool {
        ipProtocol.matches(IPProtocol(rawValue: header.ipProtocol))
            && destinationPorts.contains(header.destinationPort)
            && sourcePorts.contains(header.sourcePort)
            && destination.contains(header.destination) && source.contains(header.source)
    }
}
