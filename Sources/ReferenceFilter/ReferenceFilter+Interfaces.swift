package import CloudModel

/// Where a packet is evaluated.
package enum EvaluationPlan: Hashable, Sendable {
    /// At these interfaces, in this order; not empty.
    case at([EvaluationPoint])
    /// Nowhere, and why.
    case nowhere(Reason)
}

/// One passage of a packet through an interface's filter.
package struct EvaluationPoint: Hashable, Sendable {
    package let interface: NetworkInterface
    package let direction: Direction

    package init(_ interface: NetworkInterface, _ direction: Direction) {
        self.interface = interface
        self.direction = direction
    }
}

extension ReferenceFilter {
    /// The interfaces that evaluate a packet: egress at the one that owns the source, then ingress at
    /// the one that owns the destination.
    ///
    /// When interfaces of several VPCs own an address, the frame's Ethernet address on that side
    /// decides, then `vpc`. Source: FORMATS section 3.
    package func plan(
        for packet: Packet, sourceMAC: MACAddress?, destinationMAC: MACAddress?, vpc: VPCID?
    ) -> EvaluationPlan {
        let senders = fleet.networkInterfaces.filter { $0.owns(packet.source) }
        let receivers = fleet.networkInterfaces.filter { $0.owns(packet.destination) }
        var points: [EvaluationPoint] = []
        for (owners, mac, direction) in [
            (senders, sourceMAC, Direction.egress), (receivers, destinationMAC, .ingress),
        ] where !owners.isEmpty {
            guard let owner = theOne(of: owners, mac: mac, vpc: vpc) else {
                return .nowhere(.ambiguousInterface)
            }
            points.append(EvaluationPoint(owner, direction))
        }
        return points.isEmpty ? .nowhere(.noInterface) : .at(points)
    }

    private func theOne(
        of owners: [NetworkInterface], mac: MACAddress?, vpc: VPCID?
    ) -> NetworkInterface? {
        if owners.count == 1 { return owners[0] }
        let byMAC = owners.filter { $0.mac != nil && $0.mac == mac }
        if byMAC.count == 1 { return byMAC[0] }
        let byVPC = owners.filter { $0.vpc != nil && $0.vpc == vpc }
        return byVPC.count == 1 ? byVPC[0] : nil
    }

    /// The decision for a packet over all interfaces that evaluate it, and each evaluation.
    package func decide(
        _ packet: Packet, sourceMAC: MACAddress? = nil, destinationMAC: MACAddress? = nil,
        vpc: VPCID? = nil
    ) -> (decision: Decision, evaluations: [Decision]) {
        switch plan(for: packet, sourceMAC: sourceMAC, destinationMAC: destinationMAC, vpc: vpc) {
        case .nowhere(let reason):
            return (Decision(.none, reason), [])
        case .at(let points):
            let evaluations = points.map { decide(packet, at: $0.interface, $0.direction) }
            return (Decision.combining(evaluations), evaluations)
        }
    }
}
