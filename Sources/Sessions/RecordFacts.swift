/// What a record says beside its ends and times, in one word.
///
///     bits  0 … 8   9 … 11  12 … 14  15 … 17  18 … 23  24 … 39  40 … 61      62           63
///          ┌───────┬───────┬────────┬────────┬────────┬────────┬────────────┬────────────┬────────────┐
///          │ kind  │ first │ state  │ phase  │ seen   │ ICMP   │ generation │ steady from│ steady from│
///          │ of key│ packet│        │        │        │ message│            │ the lower  │ the higher │
///          └───────┴───────┴────────┴────────┴────────┴────────┴────────────┴────────────┴────────────┘
///
/// The generation tells flows apart that have the same place one after another. A record is *steady* from a side if it
/// is a session, and if a packet of that side without SYN, FIN and RST changes nothing but its times as long as it is
/// not idle for too long. ``RecordTrace`` has both in the same bits, so that one comparison tells whether a packet
/// just goes on.
struct RecordFacts: Sendable {
    private(set) var word: UInt64

    /// Where the generation is, here and in ``RecordTrace``.
    static let generationMask = mostGenerations << generationShift
    /// The side that is lower, and both, here and in ``RecordTrace``.
    static let fromLower: UInt64 = 1 << 62
    static let fromHigher: UInt64 = 1 << 63
    static let fromAny = fromLower | fromHigher

    private static let generationShift: UInt64 = 40
    private static let generationUnit = UInt64(1) << generationShift
    private static let mostGenerations: UInt64 = 1 << 22 - 1
    private static let kindMask: UInt64 = 0x1FF

    /// What is known of a flow's first packet.
    struct FirstPacket: OptionSet, Sendable {
        let rawValue: UInt8
        static let isFromLower = FirstPacket(rawValue: 1)
        static let isEgress = FirstPacket(rawValue: 2)
        static let hasICMPMessage = FirstPacket(rawValue: 4)
    }

    /// Facts of the first generation about a flow of which no packet was seen yet.
    init(
        kind: UInt16, _ first: FirstPacket, icmpMessage: UInt16, _ state: SessionRecord.State,
        _ phase: SessionPhase
    ) {
        word =
            UInt64(kind) | UInt64(first.rawValue) << 9 | UInt64(state.rawValue) << 12
            | UInt64(phase.rawValue) << 15 | UInt64(icmpMessage) << 24
    }

    /// That of the flow's key.
    @inline(__always)
    var kind: UInt16 { UInt16(truncatingIfNeeded: word & RecordFacts.kindMask) }

    /// The bits in which the kind differs.
    @inline(__always)
    func differences(fromKind kind: UInt16) -> UInt64 {
        (word ^ UInt64(kind)) & RecordFacts.kindMask
    }

    @inline(__always)
    var first: FirstPacket { FirstPacket(rawValue: UInt8(truncatingIfNeeded: word >> 9 & 7)) }
    var icmpMessage: UInt16 { UInt16(truncatingIfNeeded: word >> 24) }

    /// What the record stands for. Behind a change it is steady only once a packet has used it.
    @inline(__always)
    var state: SessionRecord.State {
        get {
            guard let state = SessionRecord.State(rawValue: UInt8(word >> 12 & 7)) else {
                preconditionFailure("only states are written there")
            }
            return state
        }
        set {
            word = word & ~(7 << 12) | UInt64(newValue.rawValue) << 12
            unsettle()
        }
    }

    /// The ``SessionPhase``'s number.
    @inline(__always)
    var phaseNumber: Int { Int(word >> 15 & 7) }

    @inline(__always)
    var phase: SessionPhase {
        get {
            guard let phase = SessionPhase(rawValue: UInt8(phaseNumber)) else {
                preconditionFailure("only phases are written there")
            }
            return phase
        }
        set { word = word & ~(7 << 15) | UInt64(newValue.rawValue) << 15 }
    }

    @inline(__always)
    var seen: SeenFromSides {
        get { SeenFromSides(bits: UInt8(word >> 18 & 63)) }
        set { word = word & ~(63 << 18) | UInt64(newValue.bits) << 18 }
    }

    // MARK: Traces

    /// Whether a trace, of which these are the bits, was made of this generation, and its side's packets just go on.
    @inline(__always)
    func isSteady(along trace: UInt64) -> Bool {
        // Of the sides that of the trace counts. Shifted, as the masks are no immediate operands otherwise.
        let (own, traced) =
            (word >> RecordFacts.generationShift, trace >> RecordFacts.generationShift)
        return (own ^ traced) & (traced | RecordFacts.mostGenerations) == 0
    }

    /// Has no packet just go on until one has used the record.
    @inline(__always)
    mutating func unsettle() { word &= ~RecordFacts.fromAny }

    /// Finds out from which sides packets just go on.
    ///
    /// - Precondition: a packet has just used the record, so rules ask the interface's groups about its packets.
    @inline(__always)
    mutating func settle() {
        unsettle()
        guard state == .tracked, word & RecordFacts.generationMask != RecordFacts.generationMask
        else { return }
        switch phase {
        case .halfOpen:
            break
        case .exchange:
            if seen.hasPackets(fromLower: true) { word |= RecordFacts.fromLower }
            if seen.hasPackets(fromLower: false) { word |= RecordFacts.fromHigher }
        case .open, .closed, .stream, .messages, .datagrams:
            word |= RecordFacts.fromAny
        }
    }

    /// Follows facts that were at the same place, of another flow or, if `isSame`, of this one.
    ///
    /// Generations end with the last number, which many flows may bear: their records are never steady.
    mutating func succeed(_ former: RecordFacts, isSame: Bool) {
        var generation = former.word & RecordFacts.generationMask
        if !isSame, generation != RecordFacts.generationMask {
            generation += RecordFacts.generationUnit
        }
        word = word & ~RecordFacts.generationMask | generation
        if generation == RecordFacts.generationMask { unsettle() }
    }
}
