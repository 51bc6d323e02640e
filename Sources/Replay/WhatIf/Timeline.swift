internal import Captures
internal import FilterTables
internal import Sessions

/// What two worlds decided over time, in equal steps.
///
/// Steps are a millisecond at first; when they become more than ``stepLimit`` they are joined in pairs,
/// so that a capture of any length fits.
package struct Timeline: Sendable {
    /// The packets of one step.
    package struct Step: Hashable, Sendable {
        package fileprivate(set) var acceptedBefore = 0
        package fileprivate(set) var droppedBefore = 0
        package fileprivate(set) var acceptedAfter = 0
        package fileprivate(set) var droppedAfter = 0
        package fileprivate(set) var flipped = 0

        fileprivate mutating func add(_ pairs: VerdictPairs) {
            let counts = pairs.counts
            acceptedBefore += counts[0] + counts[1] + counts[2]
            droppedBefore += counts[3] + counts[4] + counts[5]
            acceptedAfter += counts[0] + counts[3] + counts[6]
            droppedAfter += counts[1] + counts[4] + counts[7]
            flipped += counts[1] + counts[3]
        }

        fileprivate static func += (step: inout Step, other: Step) {
            step.acceptedBefore += other.acceptedBefore
            step.droppedBefore += other.droppedBefore
            step.acceptedAfter += other.acceptedAfter
            step.droppedAfter += other.droppedAfter
            step.flipped += other.flipped
        }
    }

    /// The most steps.
    package static let stepLimit = 120

    private(set) var stepNanoseconds: Int64 = 1_000_000
    // By the number of the step since 1970; `current` is not in it yet.
    private var steps: [Int64: Step] = [:]
    private var current: (number: Int64, step: Step)?
    /// The nanoseconds since 1970 that belong to the current step: most packets come in the step of the
    /// one before.
    private var currentNanoseconds: Range<Int64> = 0..<0
    private var bounds: ClosedRange<Int64>?

    /// No packets.
    package init() {}

    /// How long a step is.
    package var stepSeconds: Double { Double(stepNanoseconds) / 1e9 }

    /// When the first step begins, in seconds since 1970; `nil` without packets.
    package var start: Double? { bounds.map { Double($0.lowerBound) * stepSeconds } }

    /// All steps from the first to the last with packets.
    package var all: [Step] {
        guard let bounds else { return [] }
        var steps = steps
        if let current { steps[current.number, default: Step()] += current.step }
        return bounds.map { steps[$0] ?? Step() }
    }

    /// Counts the packets of a batch, and returns how many flip. `none` counts as neither.
    mutating func add(
        _ before: [FrameAnswer], _ after: [FrameAnswer], _ facts: [FrameFacts]
    ) -> Int {
        var (place, flippedCount) = (0, 0)
        while place < facts.count {
            let time = SessionTime(facts[place].time)
            if !currentNanoseconds.contains(time.nanoseconds) { begin(at: time) }
            guard var current else { preconditionFailure("a step was begun") }
            let flippedBefore = current.step.flipped
            place = Timeline.count(
                before, after, facts, from: place, within: currentNanoseconds, into: &current.step)
            flippedCount += current.step.flipped - flippedBefore
            self.current = current
        }
        return flippedCount
    }

    /// Counts the packet at a place and those behind it up to the first of another step, whose place is the
    /// result.
    private static func count(
        _ before: [FrameAnswer], _ after: [FrameAnswer], _ facts: [FrameFacts],
        from start: Int, within nanoseconds: Range<Int64>, into step: inout Step
    ) -> Int {
        let (before, after, facts) = (before.span, after.span, facts.span)
        var pairs = VerdictPairs()
        var place = start
        repeat {
            pairs.add(before[place].kind, after[place].kind)
            place += 1
        } while place < facts.count
            && nanoseconds.contains(SessionTime(facts[place].time).nanoseconds)
        step.add(pairs)
        return place
    }

    /// Begins the step of a time.
    private mutating func begin(at time: SessionTime) {
        settle()
        widen(toHold: Timeline.step(of: time, stepNanoseconds))
        let number = Timeline.step(of: time, stepNanoseconds)
        current = (number, Step())
        // The greatest times are too close to the end of what can be counted.
        let (start, startOverflows) = number.multipliedReportingOverflow(by: stepNanoseconds)
        let (end, endOverflows) = start.addingReportingOverflow(stepNanoseconds)
        currentNanoseconds = startOverflows || endOverflows ? 0..<0 : start..<end
    }

    private mutating func settle() {
        guard let current else { return }
        steps[current.number, default: Step()] += current.step
        self.current = nil
    }

    /// Makes room for a step, in pairs of what was.
    private mutating func widen(toHold number: Int64) {
        var number = number
        var lower = min(bounds?.lowerBound ?? number, number)
        var upper = max(bounds?.upperBound ?? number, number)
        while upper - lower >= Int64(Timeline.stepLimit) {
            // Shifts round down, so that times before 1970 stay in their order.
            (number, lower, upper) = (number >> 1, lower >> 1, upper >> 1)
            stepNanoseconds *= 2
            var joined: [Int64: Step] = [:]
            for (number, step) in steps { joined[number >> 1, default: Step()] += step }
            steps = joined
        }
        bounds = lower...upper
    }

    private static func step(of time: SessionTime, _ length: Int64) -> Int64 {
        let (quotient, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: length)
        return rest < 0 ? quotient - 1 : quotient
    }
}

/// How many packets got which verdicts in two worlds: each packet counts in one place.
///
///     before ╲ after   accept  drop  none
///     accept                0     1     2
///     drop                  3     4     5
///     none                  6     7     8
private struct VerdictPairs {
    private(set) var counts = InlineArray<9, Int>(repeating: 0)

    @inline(__always)
    mutating func add(_ before: OutcomeKind, _ after: OutcomeKind) {
        counts[3 &* before.verdictNumber &+ after.verdictNumber] &+= 1
    }
}
