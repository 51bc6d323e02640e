internal import Captures
internal import FilterTables

/// The packets of known flows, counted without an answer to each of them. Flows of which the same is counted share a
/// counter: the same rules, and the same answer.
///
///     FlowMemo ▸ KnownFlow.counter ──▶ sums │ nobody │ a session │ two │ rule 7 │ rules 7, 9 │ …
///                                                                       └──▶ Tally, RuleHits
///
/// What was counted goes to a ``Tally`` before the rules' numbers can mean other rules. At most ``limit`` counters of a
/// cache line each; packets of further flows are answered one by one.
struct FlowCounters {
    /// By the number of the counter.
    var sums: [PacketSum] = []
    /// For each counter a flow that it counts.
    private var flows: [KnownFlow] = []
    /// The numbers of the counters, each at or behind its place by ``KnownFlow/countedHash``.
    private var numbers: [UInt16] = []

    static let limit = 1024
    private static let hashBits: UInt64 = 11
    /// How many counters there always are.
    private static let countOfSessions = 3

    /// No counters but those of ``ofSessions(_:)``.
    init() { removeAll() }

    /// The number of the counter of packets for which sessions answer at all of so many interfaces.
    @inline(__always)
    static func ofSessions(_ evaluationCount: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: evaluationCount)
    }

    /// The number of the counter of flows like `flow`, a packet of which has this time; ``KnownFlow/noCounter`` if
    /// there is no room for another one.
    mutating func number(of flow: KnownFlow, at time: CaptureTime) -> UInt16 {
        var place = Int(flow.countedHash &>> (64 &- FlowCounters.hashBits))
        while numbers[place] != KnownFlow.noCounter {
            if flows[Int(numbers[place])].countsLike(flow) { return numbers[place] }
            // There are twice as many places as counters.
            place = (place + 1) % numbers.count
        }
        guard flows.count < FlowCounters.limit else { return KnownFlow.noCounter }
        numbers[place] = UInt16(flows.count)
        flows.append(flow)
        sums.append(PacketSum(at: time))
        return numbers[place]
    }

    /// Moves what was counted to `tally`; the counters stay.
    mutating func move(to tally: inout Tally) {
        for number in sums.indices where sums[number].packetCount > 0 {
            tally.add(sums[number], of: flows[number])
            sums[number].removePackets()
        }
    }

    /// Forgets all counters but those of sessions.
    ///
    /// - Precondition: what they counted was moved to a tally.
    mutating func removeAll() {
        guard flows.count != FlowCounters.countOfSessions else { return }
        precondition(sums.allSatisfy { $0.packetCount == 0 }, "what was counted would be lost")
        sums = []
        flows = []
        numbers = Array(repeating: KnownFlow.noCounter, count: 1 << Int(FlowCounters.hashBits))
        // No rule's: nobody asks for the time.
        let time = CaptureTime(FrameTime(seconds: 0, nanoseconds: 0), digits: 9)
        let session = Outcome.established
        let nobody = OwnerPair.nobody
        for flow in [
            KnownFlow(source: nobody, destination: nobody),
            KnownFlow(source: 0, destination: nobody, egress: session),
            KnownFlow(source: 0, destination: 0, egress: session, ingress: session),
        ] {
            _ = number(of: flow, at: time)
        }
    }
}
