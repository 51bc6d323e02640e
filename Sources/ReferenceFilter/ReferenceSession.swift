internal import CloudModel

/// What makes packets one conversation at one interface: its two ends, and what the protocol adds to
/// them. Source: SEMANTICS A.8, B.5.
struct Conversation: Hashable, Sendable {
    /// An address, and for TCP and UDP its port.
    struct End: Hashable, Sendable {
        let address: IPAddress
        let port: UInt16?
    }

    let interface: NetworkInterfaceID
    let ipProtocol: IPProtocol
    /// Whichever sends: a packet and its answer are the same conversation.
    let ends: Set<End>
    /// ICMP only, where the packet has one.
    let identifier: UInt16?

    /// The conversation of `packet`; `nil` for fragments but the first, for TCP and UDP whose ports
    /// are not known, and for ICMP errors, which belong to the packets that they quote.
    init?(of packet: Packet, at interface: NetworkInterfaceID) {
        guard !packet.isLaterFragment, packet.quoted == nil else { return nil }
        let sender = packet.sendingEnd
        if packet.ipProtocol.hasFilteredPorts, sender.port == nil { return nil }
        self.interface = interface
        ipProtocol = packet.ipProtocol
        ends = [sender, packet.receivingEnd]
        identifier = packet.ipProtocol.isICMP ? packet.icmpIdentifier : nil
    }
}

extension Packet {
    fileprivate var sendingEnd: Conversation.End {
        Conversation.End(address: source, port: ports?.source)
    }

    fileprivate var receivingEnd: Conversation.End {
        Conversation.End(address: destination, port: ports?.destination)
    }

    private var ports: (source: UInt16, destination: UInt16)? {
        guard ipProtocol.hasFilteredPorts,
            case .ports(let source, let destination, _) = transport
        else { return nil }
        return (source, destination)
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

    private var lastTime: Duration
    private var packetCounts: [Conversation.End: Int] = [:]
    /// Whether nothing but bare SYNs was seen.
    private var isHalfOpen = true
    private var finished: Set<Conversation.End> = []
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
        note(packet, at: time)
    }

    /// Takes notice of a packet of the conversation that was accepted.
    mutating func note(_ packet: Packet, at time: Duration) {
        lastTime = time
        packetCounts[packet.sendingEnd, default: 0] += 1
        guard case .ports(_, _, let flags?) = packet.transport else {
            isHalfOpen = false
            return
        }
        if !flags.isBareSYN { isHalfOpen = false }
        if flags.contains(.fin) { finished.insert(packet.sendingEnd) }
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
        case (.udp, .aws) where isStream: max(180, tracking.udp ?? 0)
        case (.udp, _), (_, .alibaba): tracking.udp ?? 30
        case (.icmp, .aws), (.icmpv6, .aws): 30
        case (_, .aws): 600
        }
    }
}
