package import CloudModel
package import Questions

extension VerdictChange {
    /// Whether a packet that is evaluated at an interface is in the box.
    package func holds(_ packet: Packet, at id: NetworkInterfaceID, _ direction: Direction) -> Bool
    {
        guard self.direction == direction, networkInterfaces.contains(id),
            packet.family == family, protocols.contains(packet.ipProtocol),
            sources.contains(packet.source.number),
            destinations.contains(packet.destination.number)
        else { return false }
        switch packet.transport {
        case .ports(let source, let destination, _) where packet.ipProtocol.hasFilteredPorts:
            return sourcePorts.contains(UInt128(source))
                && destinationPorts.contains(UInt128(destination))
        case .icmp(let type, let code):
            return icmp.contains(UInt128(type) << 8 | UInt128(code))
        default: return true
        }
    }
}
