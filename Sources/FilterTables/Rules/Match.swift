internal import CloudModel

/// A packet as rule tables see it: classes in place of addresses.
struct ClassedPacket: Sendable {
    /// The line of the class of each address; 0 for one that no selector holds.
    let peerClass: UInt32
    let localClass: UInt32
    let ipProtocol: UInt32
    /// A port, an ICMP type and code as in ``RuleTest``, or ``unknown``.
    let destination: UInt32
    let source: UInt32
    let isIPv6: Bool

    /// In no range of 16-bit values.
    static let unknown: UInt32 = 0x1_0000

    @inline(__always)
    init(
        peerClass: UInt32, localClass: UInt32, ipProtocol: UInt8, destination: UInt16,
        source: UInt16, knowsTransport: Bool, isIPv6: Bool
    ) {
        self.peerClass = peerClass
        self.localClass = localClass
        self.ipProtocol = UInt32(ipProtocol)
        self.destination = knowsTransport ? UInt32(destination) : ClassedPacket.unknown
        self.source = knowsTransport ? UInt32(source) : ClassedPacket.unknown
        self.isIPv6 = isIPv6
    }
}

/// The step that decides a packet so far.
struct Match: Hashable, Sendable {
    let order: RuleOrder
    let rule: UInt32
    /// The outcome, as ``RuleTest/outcomeCode(of:)`` says.
    let code: UInt32

    /// After every step.
    static let none = Match(order: .last, rule: RuleStep.noRule, code: 0)

    @inline(__always)
    var isNone: Bool { order == .last }

    /// What the step answers.
    @inline(__always)
    var outcome: Outcome { Match.outcome(code, byRule: rule) }

    /// What a code stands for, with the number of its rule.
    @inline(__always)
    static func outcome(_ code: UInt32, byRule rule: UInt32) -> Outcome {
        switch StepOutcome(rawValue: code) {
        case .acceptByRule: Outcome(.accept, byRule: rule)
        case .dropByRule: Outcome(.drop, byRule: rule)
        case .intraGroup: Outcome(.accept, .intraGroup)
        case .system: Outcome(.accept, .system)
        case .exempt: Outcome(.accept, .exempt)
        case nil: preconditionFailure("a step without an outcome")
        }
    }
}
