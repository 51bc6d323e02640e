package import CloudModel

/// What decides about sessions beside packets: the vendor and the interfaces' timeouts.
package struct SessionRules: Sendable {
    let vendor: Vendor
    let onChange: Switches.SessionOnChange
    /// For each interface eight words: the seconds that a session may be idle in each phase, by the
    /// phase's number, and 1 if the interface's groups are asked about packets.
    private var facts: [UInt32]

    private static let factCount = 8
    private static let asksGroups = 7

    /// The rules of `fleet`.
    ///
    /// - Complexity: O(interfaces).
    package init(_ fleet: Fleet) {
        vendor = fleet.vendor
        onChange = fleet.switches.sessionOnChange
        facts = Array(
            repeating: 1, count: SessionRules.factCount * fleet.networkInterfaces.count)
        for (place, interface) in fleet.networkInterfaces.enumerated() {
            setTimeouts(interface.connectionTracking, ofInterfaceAt: place)
        }
    }

    /// Whether a flow was idle for longer than its interface allows, at `time`.
    @inline(__always)
    func isIdle(_ record: SessionRecord, at time: SessionTime) -> Bool {
        let place = SessionRules.factCount &* Int(record.interface)
        return time.isLater(
            than: record.lastTime, byMoreThan: facts[place &+ record.phaseNumber])
    }

    /// Whether a session is over with `packet`: on AWS an RST closes it at once, on Alibaba Cloud closed
    /// ones have a timeout. Source: SEMANTICS A.8, B.5.
    @inline(__always)
    func isEnded(by packet: TrackedPacket) -> Bool {
        guard packet.flow.flags.hasRST, case .aws = vendor else { return false }
        return true
    }

    /// Whether `time` is within one UDP timeout of `start` at an interface: such a packet may belong
    /// to a flow that began before.
    package func isWithinUDPTimeout(
        _ time: SessionTime, of start: SessionTime, at interface: Int
    ) -> Bool {
        let place = SessionRules.factCount * interface + Int(SessionPhase.exchange.rawValue)
        return !time.isLater(than: start, byMoreThan: facts[place])
    }

    /// Whether some packets are accepted before sessions are asked. Source: SEMANTICS B.2.
    @inline(__always)
    var hasExemptTraffic: Bool {
        if case .aws = vendor { return true }
        return false
    }

    /// Whether packets at an interface are a matter of its groups: it is attached and in some. Without
    /// a change it is taken to be so.
    @inline(__always)
    func asksGroups(ofInterfaceAt place: UInt32) -> Bool {
        facts[SessionRules.factCount &* Int(place) &+ SessionRules.asksGroups] != 0
    }

    /// Notes whether the groups of the interface at `place` are asked.
    mutating func setAsksGroups(_ asksGroups: Bool, ofInterfaceAt place: Int) {
        facts[SessionRules.factCount * place + SessionRules.asksGroups] = asksGroups ? 1 : 0
    }

    /// Takes the timeouts of the interface at `place` from its settings.
    mutating func setTimeouts(_ settings: ConnectionTracking, ofInterfaceAt place: Int) {
        let timeouts = SessionTimeouts(settings, vendor)
        for phase in SessionPhase.allCases {
            facts[SessionRules.factCount * place + Int(phase.rawValue)] =
                timeouts.seconds(in: phase)
        }
    }
}
