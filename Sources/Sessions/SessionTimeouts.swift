internal import CloudModel

/// How long the sessions of one interface may be idle, in seconds.
///
/// A session that was idle for just as long is still alive. Source: SEMANTICS A.8, B.5; what no
/// document says is listed in the article of this target.
struct SessionTimeouts: Hashable, Sendable {
    let tcpHalfOpen: UInt32
    let tcpOpen: UInt32
    let tcpClosed: UInt32
    /// UDP before a second exchange.
    let udp: UInt32
    let udpStream: UInt32
    let icmp: UInt32
    /// Protocols without ports.
    let other: UInt32

    /// What a fleet of `vendor` says, or leaves to the vendor.
    init(_ settings: ConnectionTracking, _ vendor: Vendor) {
        let isAWS = vendor == .aws
        func seconds(_ setting: Int?, _ standard: UInt32) -> UInt32 {
            setting.map { UInt32(clamping: $0) } ?? standard
        }
        tcpHalfOpen = 30
        tcpOpen = seconds(settings.tcpEstablished, isAWS ? 432_000 : 910)
        tcpClosed = seconds(settings.tcpClosed, 3)
        udp = seconds(settings.udp, 30)
        // AWS has a setting for streams, a fleet has none.
        udpStream = isAWS ? max(180, udp) : udp
        icmp = isAWS ? 30 : udp
        other = isAWS ? 600 : udp
    }

    /// The timeout of a session in `phase`.
    func seconds(in phase: SessionPhase) -> UInt32 {
        switch phase {
        case .halfOpen: tcpHalfOpen
        case .open: tcpOpen
        case .closed: tcpClosed
        case .exchange: udp
        case .stream: udpStream
        case .messages: icmp
        case .datagrams: other
        }
    }
}
