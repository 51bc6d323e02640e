internal import CloudModel

/// What makes packets of both directions one conversation at one interface: the addresses by the
/// side they are on, and what the protocol adds to them. Source: SEMANTICS A.8, B.5.
struct Conversation: Hashable, Sendable {
    let interface: NetworkInterfaceID
    let ipProtocol: IPProtocol
    let local: IPAddress
    let peer: IPAddress
    /// TCP and UDP only.
    var ports: [UInt16] = []
    /// ICMP only, where the packet has one.
    var identifier: UInt16?

    /// The conversation of `packet`; `nil` for TCP and UDP whose ports are not known.
    init?(of packet: Packet, at interface: NetworkInterfaceID, _ direction: Direction) {
        self.interface = interface
        ipProtocol = packet.ipProtocol
        (local, peer) = packet.addresses(seen: direction)
        if ipProtocol == .tcp || ipProtocol == .udp {
            guard case .ports(let source, let destination, _) = packet.transport else {
                return nil
            }
            ports = direction == .ingress ? [destination, source] : [source, destination]
        }
        if ipProtocol.isICMP { identifier = packet.icmpIdentifier }
    }
}

/// One entry of the connection table.
struct ReferenceSession: Sendable {
    let conversation: Conversation
    /// The packet that made the entry, and the direction it was seen in.
    let firstPacket: Packet
    let direction: Direction
    /// Whether the entry itself admits packets. AWS's untracked flows are remembered, because a
    /// reply belongs to them and opens no flow of its own.
    var isTracked: Bool

    private(set) var lastTime: Duration
    private var packetCounts: [Direction: Int] = [:]
    /// Whether nothing but bare SYNs of the opener was seen.
    private var isHalfOpen = true
    private var finished: Set<Direction> = []
    private(set) var isReset = false

    /// An entry for a packet that was accepted.
    init(
        _ conversation: Conversation, _ packet: Packet, _ direction: Direction, at time: Duration,
        isTracked: Bool
    ) {
        self.conversation = conversation
        self.isTracked = isTracked
        self.direction = direction
        firstPacket = packet
        lastTime = time
        note(packet, direction, at: time)
    }

    /// Takes notice of a packet of the conversation that was accepted.
    mutating func note(_ packet: Packet, _ seen: Direction, at time: Duration) {
        lastTime = time
        packetCounts[seen, default: 0] += 1
        guard case .ports(_, _, let flags) = packet.transport, let flags else {
            isHalfOpen = false
            return
        }
        if !flags.isBareSYN || seen != direction { isHalfOpen = false }
        if flags.contains(.fin) { finished.insert(seen) }
        if flags.contains(.rst) { isReset = true }
    }

    /// Whether TCP is done with the connection.
    var isClosed: Bool { isReset || finished.count == 2 }

    /// Whether both sides have spoken more than once: AWS calls it a stream.
    private var isStream: Bool {
        packetCounts.count == 2 && packetCounts.values.allSatisfy { $0 > 1 }
    }

    /// Whether the session is still there when a packet comes at `time`.
    func isLive(at time: Duration, _ tracking: ConnectionTracking, _ vendor: Vendor) -> Bool {
        max(.zero, time - lastTime) <= .seconds(timeout(tracking, vendor))
    }

    /// Source: SEMANTICS A.8, B.5.
    private func timeout(_ tracking: ConnectionTracking, _ vendor: Vendor) -> Int {
        switch (conversation.ipProtocol, vendor) {
        case (.tcp, _) where isClosed: tracking.tcpClosed ?? 3
        case (.tcp, _) where isHalfOpen: 30
        case (.tcp, .alibaba): tracking.tcpEstablished ?? 910
        case (.tcp, .aws): tracking.tcpEstablished ?? 432_000
        case (.udp, .aws) where isStream: 180
        case (.udp, _), (_, .alibaba): tracking.udp ?? 30
        case (.icmp, .aws), (.icmpv6, .aws): 30
        case (_, .aws): 600
        }
    }
}
