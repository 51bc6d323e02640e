package import CloudModel

/// The decision with sessions, straight from SEMANTICS A.4, A.8, A.11, B.2, B.5 and B.6: slow,
/// obvious, and the judge of every faster form.
///
/// Packets come one by one, each with its time on the capture's clock, which may run backwards. A
/// session belongs to one interface and begins when that interface accepts a packet. There is no
/// limit to how many there are, and one that idled out is found so when its next packet comes: no
/// packet of another session ends it.
///
/// - Complexity: every decision and change looks at all sessions.
package struct ReferenceSessions: Sendable {
    var filter: ReferenceFilter
    /// At most one of each conversation.
    var sessions: [ReferenceSession] = []
    private var firstFragments: [Datagram: Decision] = [:]

    /// The fragments of one packet at one interface.
    private struct Datagram: Hashable {
        let interface: NetworkInterfaceID
        let direction: Direction
        let source: IPAddress
        let destination: IPAddress
        let ipProtocol: IPProtocol
        let identification: UInt32
    }

    /// Decisions for `fleet`, none of whose sessions was seen.
    package init(_ fleet: Fleet) { filter = ReferenceFilter(fleet) }

    /// What the fleet is now.
    package var fleet: Fleet { filter.fleet }

    /// The decision for a packet over all interfaces that evaluate it, and each evaluation.
    package mutating func decide(
        _ packet: Packet, at time: Duration, sourceMAC: MACAddress? = nil,
        destinationMAC: MACAddress? = nil, vpc: VPCID? = nil
    ) -> (decision: Decision, evaluations: [Decision]) {
        let plan = filter.plan(
            for: packet, sourceMAC: sourceMAC, destinationMAC: destinationMAC, vpc: vpc)
        switch plan {
        case .nowhere(let reason):
            return (Decision(.none, reason), [])
        case .at(let points):
            let evaluations = points.map { decide(packet, at: $0.interface, $0.direction, time) }
            return (Decision.combining(evaluations), evaluations)
        }
    }

    /// What `interface` does with a packet that passes in `direction` at `time`.
    package mutating func decide(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction, _ time: Duration
    ) -> Decision {
        guard interface.status.carriesTraffic, let fragment = packet.fragment else {
            return decideWhole(packet, at: interface, direction, time)
        }
        let datagram = Datagram(
            interface: interface.id, direction: direction, source: packet.source,
            destination: packet.destination, ipProtocol: packet.ipProtocol,
            identification: fragment.identification)
        if fragment.isFirst {
            let decision = decideWhole(packet, at: interface, direction, time)
            firstFragments[datagram] = decision
            return decision
        }
        if fleet.switches.fragments == .firstFragmentDecides,
            let decision = firstFragments[datagram]
        {
            return decision
        }
        return decideWhole(packet, at: interface, direction, time)
    }

    /// The steps of A.4 and B.2 with sessions, for what is no fragment or has to be decided by itself.
    private mutating func decideWhole(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction, _ time: Duration
    ) -> Decision {
        let alone = filter.decide(packet, at: interface, direction)
        guard interface.status.carriesTraffic, alone.verdict != .none, alone.reason != .exempt
        else { return alone }
        let established = Decision(
            .accept, .established, networkInterface: interface.id, direction: direction)
        if isRelated(packet, at: interface, time) { return established }
        guard let conversation = Conversation(of: packet, at: interface.id) else { return alone }
        forgetEnded(conversation, packet, at: interface, time)
        if let index = sessions.firstIndex(where: { $0.conversation == conversation }) {
            return carryOn(index, packet, at: interface, direction, time, alone: alone)
        }
        if alone.verdict == .accept {
            begin(conversation, packet, at: interface, direction, time)
        }
        return alone
    }

    /// Whether an ICMP error quotes a packet of a live session.
    private func isRelated(
        _ packet: Packet, at interface: NetworkInterface, _ time: Duration
    ) -> Bool {
        guard packet.ipProtocol.isICMP, let quoted = packet.quoted?.packet,
            let conversation = Conversation(of: quoted, at: interface.id)
        else { return false }
        return sessions.contains {
            $0.conversation == conversation && $0.isTracked
                && $0.isLive(at: time, interface.connectionTracking, fleet.vendor)
        }
    }

    /// Removes the conversation's session if it idled out, or if it is closed and `packet` opens
    /// the next connection between the same ports.
    private mutating func forgetEnded(
        _ conversation: Conversation, _ packet: Packet, at interface: NetworkInterface,
        _ time: Duration
    ) {
        guard let index = sessions.firstIndex(where: { $0.conversation == conversation }) else {
            return
        }
        let session = sessions[index]
        if !session.isLive(at: time, interface.connectionTracking, fleet.vendor)
            || session.isClosed && packet.opensConnection
        {
            sessions.remove(at: index)
        }
    }

    /// Decides a packet whose session is live. `alone` is what the rules say about it.
    private mutating func carryOn(
        _ index: Int, _ packet: Packet, at interface: NetworkInterface, _ direction: Direction,
        _ time: Duration, alone: Decision
    ) -> Decision {
        var decision = Decision(
            .accept, .established, networkInterface: interface.id, direction: direction)
        if !sessions[index].isTracked {
            if isToBeTracked(sessions[index], at: interface) {
                sessions[index].isTracked = true
                // In its first direction the rules still admit the flow, as was just found.
                if direction == sessions[index].direction { decision = alone }
            } else {
                decision = alone
            }
        }
        if decision.verdict == .accept {
            sessions[index].note(packet, at: time)
            if endsAtOnce(sessions[index]) { sessions.remove(at: index) }
        }
        return decision
    }

    private mutating func begin(
        _ conversation: Conversation, _ packet: Packet, at interface: NetworkInterface,
        _ direction: Direction, _ time: Duration
    ) {
        let session = ReferenceSession(
            conversation, packet, direction, at: time,
            isTracked: !isUntracked(packet, at: interface, direction))
        if !endsAtOnce(session) { sessions.append(session) }
    }

    /// AWS closes a session with the RST; Alibaba Cloud has a timeout for closed ones.
    private func endsAtOnce(_ session: ReferenceSession) -> Bool {
        fleet.vendor == .aws && session.isReset
    }
}

extension Packet {
    /// Whether this is the first packet of a TCP connection.
    fileprivate var opensConnection: Bool {
        guard ipProtocol == .tcp, case .ports(_, _, let flags) = transport else { return false }
        return flags?.isBareSYN ?? false
    }
}
