internal import CloudModel
internal import FilterTables
internal import Sessions

/// What the tables said to the packets of a flow before: exact, because everything that their answer
/// depends on is in the key.
///
/// Most packets of a capture are of a flow that was seen a moment ago. For them one look-up takes the place
/// of finding the owners of both addresses, of one or two queries, and of deciding these. A flow has a pair of
/// slots: a new one takes the first, the one that it finds there moves to the second, and what was there is
/// forgotten. 4,096 slots of a cache line each: beside the decider's tables they fit a core's second-level cache.
///
///     64-bit words of a slot   0…3 addresses   4 ports, protocol, generation, traits
///                              5…7 what is known
///
/// Beside each slot stand the traces of the flow's records at both, for who tracks connections.
@safe
struct FlowMemo: ~Copyable {
    /// Where the records of a flow are, at the interface that it leaves and at the one that it reaches.
    struct Traces {
        var egress = RecordTrace.none
        var ingress = RecordTrace.none

        static var none: Traces { Traces() }

        /// How many records are known.
        @inline(__always)
        var count: Int { (egress.isKnown ? 1 : 0) &+ (ingress.isKnown ? 1 : 0) }
    }

    private struct Slot {
        let sourceHigh: UInt64
        let sourceLow: UInt64
        let destinationHigh: UInt64
        let destinationLow: UInt64
        let rest: UInt64
        var answer: KnownFlow
    }

    private static let slotBits: UInt64 = 12
    private static let slotCount = 1 << Int(slotBits)

    // INVARIANT: `slotCount` slots, all initialized.
    private let slots: UnsafeMutablePointer<Slot>
    // INVARIANT: as many as slots.
    private var traces = Array(repeating: Traces.none, count: slotCount)
    /// What was recorded in another generation does not hold any more.
    private var generation: UInt8 = 0

    init() {
        // SAFETY: freshly allocated for so many slots, at the beginning of a cache line, and initialized
        // whole before any use.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: FlowMemo.slotCount * MemoryLayout<Slot>.stride, alignment: 64)
        unsafe slots = memory.bindMemory(to: Slot.self, capacity: FlowMemo.slotCount)
        unsafe slots.initialize(repeating: FlowMemo.emptySlot, count: FlowMemo.slotCount)
    }

    deinit {
        // SAFETY: allocated by `init`; slots need no deinitialization.
        unsafe slots.deallocate()
    }

    /// No packet's: none has all traits.
    private static var emptySlot: Slot {
        Slot(
            sourceHigh: 0, sourceLow: 0, destinationHigh: 0, destinationLow: 0, rest: .max,
            answer: KnownFlow(source: OwnerPair.nobody, destination: OwnerPair.nobody))
    }

    /// Whether answers to the packet's flow are the same for all its packets: not for fragments, which
    /// follow the first.
    @inline(__always)
    static func holds(_ header: PacketHeader) -> Bool {
        header.traits & (PacketHeader.Trait.packet | PacketHeader.Trait.fragment)
            == PacketHeader.Trait.packet
    }

    /// The first slot of a packet's flow.
    @inline(__always)
    func slot(of header: PacketHeader) -> Int {
        let source = (header.sourceHigh ^ rest(of: header)) &+ header.sourceLow
        let destination = header.destinationHigh &+ header.destinationLow
        let mixed =
            (source &* 0x9E37_79B9_7F4A_7C15) ^ (destination &* 0xD6E8_FEB8_6659_FD93)
        // The top bits of a product are mixed best.
        return Int(
            truncatingIfNeeded: ((mixed ^ mixed &>> 32) &* 0x9E37_79B9_7F4A_7C15)
                &>> (65 &- FlowMemo.slotBits)) &<< 1
    }

    /// Whether a slot has the answer to the packet: none has one to a packet that is not held.
    @inline(__always)
    func knows(_ header: PacketHeader, inSlot index: Int) -> Bool {
        precondition(index >= 0 && index < FlowMemo.slotCount)
        // SAFETY: the precondition.
        let slot = unsafe slots[index]
        let differences =
            (slot.sourceHigh ^ header.sourceHigh) | (slot.sourceLow ^ header.sourceLow)
            | (slot.destinationHigh ^ header.destinationHigh)
            | (slot.destinationLow ^ header.destinationLow) | (slot.rest ^ rest(of: header))
        return differences == 0
    }

    /// Whether two packets are of one flow, of which ``holds(_:)`` says the same then.
    @inline(__always)
    static func isOneFlow(_ one: PacketHeader, _ other: PacketHeader) -> Bool {
        let addresses =
            (one.sourceHigh ^ other.sourceHigh) | (one.sourceLow ^ other.sourceLow)
            | (one.destinationHigh ^ other.destinationHigh)
            | (one.destinationLow ^ other.destinationLow)
        return addresses | (one.flowRest ^ other.flowRest) == 0
    }

    /// The answer in a slot.
    @inline(__always)
    func answer(inSlot index: Int) -> KnownFlow {
        precondition(index >= 0 && index < FlowMemo.slotCount)
        // SAFETY: the precondition.
        return unsafe slots[index].answer
    }

    /// The traces beside a slot, of the flow that it knows.
    @inline(__always)
    func traces(inSlot index: Int) -> Traces { traces[index] }

    /// Records an answer to a packet's flow, and where the flow's records are. What the flow's first slot held
    /// moves to the second.
    ///
    /// - Precondition: ``holds(_:)``, and the slot is the flow's first.
    mutating func record(
        _ answer: KnownFlow, _ traces: Traces, for header: PacketHeader, inSlot index: Int
    ) {
        precondition(index >= 0 && index < FlowMemo.slotCount && index % 2 == 0)
        if !knows(header, inSlot: index) {
            // SAFETY: the precondition: the number of slots is even.
            unsafe slots[index + 1] = slots[index]
            self.traces[index + 1] = self.traces[index]
        }
        // SAFETY: the precondition.
        unsafe slots[index] = Slot(
            sourceHigh: header.sourceHigh, sourceLow: header.sourceLow,
            destinationHigh: header.destinationHigh, destinationLow: header.destinationLow,
            rest: rest(of: header), answer: answer)
        self.traces[index] = traces
    }

    /// Notes where a record of a packet's flow is, and what the tables say, if the flow is known.
    mutating func note(
        _ trace: RecordTrace, _ outcome: Outcome, isEgress: Bool, of header: PacketHeader
    ) {
        var index = slot(of: header)
        if !knows(header, inSlot: index) { index += 1 }
        guard knows(header, inSlot: index) else { return }
        let known = answer(inSlot: index)
        if isEgress { traces[index].egress = trace } else { traces[index].ingress = trace }
        var noted = KnownFlow(
            source: known.source, destination: known.destination,
            egress: isEgress ? outcome : known.egress, ingress: isEgress ? known.ingress : outcome)
        noted.counter = known.counter
        // SAFETY: `answer(inSlot:)` looked at the number.
        unsafe slots[index].answer = noted
    }

    /// Forgets everything: the tables are others.
    mutating func removeAll() {
        generation &+= 1
        // SAFETY: all slots were initialized.
        if generation == 0 {
            unsafe slots.update(repeating: FlowMemo.emptySlot, count: FlowMemo.slotCount)
        }
    }

    /// What of a header is no address, with the generation in the place of TCP's flags.
    @inline(__always)
    private func rest(of header: PacketHeader) -> UInt64 {
        header.flowRest | UInt64(generation) &<< 16
    }
}
