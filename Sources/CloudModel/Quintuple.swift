/// One line of a plain ordered rule list: the first rule that matches a 5-tuple wins.
package struct QuintupleRule: Hashable, Sendable {
    package var source: CIDRBlock
    package var destination: CIDRBlock
    package var sourcePorts: PortRange
    package var destinationPorts: PortRange
    package var ipProtocol: ProtocolMatch

    package init(
        source: CIDRBlock, destination: CIDRBlock, sourcePorts: PortRange,
        destinationPorts: PortRange, ipProtocol: ProtocolMatch
    ) {
        self.source = source
        self.destination = destination
        self.sourcePorts = sourcePorts
        self.destinationPorts = destinationPorts
        self.ipProtocol = ipProtocol
    }
}

/// An IPv4 5-tuple of a header trace. Ports count whatever the protocol.
package struct Quintuple: Hashable, Sendable {
    package var source: UInt32
    package var destination: UInt32
    package var sourcePort: UInt16
    package var destinationPort: UInt16
    package var ipProtocol: UInt8

    package init(
        source: UInt32, destination: UInt32, sourcePort: UInt16, destinationPort: UInt16,
        ipProtocol: UInt8
    ) {
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.ipProtocol = ipProtocol
    }
}
