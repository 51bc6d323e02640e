package import Captures
package import CloudModel
package import ControlPlane

/// An API call, and when a replay makes it.
package struct ScheduledCall: Sendable {
    package let request: OperationRequest
    /// The call is made before the first frame whose time is not earlier; `nil` is before all frames.
    package let time: FrameTime?

    package init(_ request: OperationRequest, at time: FrameTime?) {
        self.request = request
        self.time = time
    }
}

/// A call that a replay made, and what came of it.
package struct ReplayedCall: Sendable {
    /// The call's place in the list that was given.
    package let number: Int
    package let outcome: OperationOutcome
    /// The interfaces whose own filtering it altered.
    package let changed: [NetworkInterfaceID]
}

/// The calls of a replay that are still to be made. Source: FORMATS section 2.
struct CallSchedule {
    private let calls: [ScheduledCall]
    /// The numbers of those without a time, in the order of their list.
    private var untimed: [Int] = []
    /// The numbers of the others, by time.
    private var timed: [(time: FrameTime, number: Int)] = []
    /// How many of `timed` were taken out.
    private var takenCount = 0

    /// - Complexity: O(*n* log *n*) in the calls, so that a call for each frame of a long capture does
    ///   not slow the replay down.
    init(_ calls: [ScheduledCall]) {
        self.calls = calls
        for (number, call) in calls.enumerated() {
            if let time = call.time { timed.append((time, number)) } else { untimed.append(number) }
        }
        timed.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    }

    /// The place of the first frame, from `start` on, that a call comes before; `nil` if there is none.
    func firstFrame(in frames: [FrameFacts], from start: Int = 0) -> Int? {
        guard takenCount < timed.count else { return nil }
        let time = timed[takenCount].time
        return frames[start...].firstIndex { $0.time >= time }
    }

    /// Takes out the calls without a time.
    mutating func removeUntimed() -> [(number: Int, call: ScheduledCall)] {
        defer { untimed = [] }
        return untimed.map { (number: $0, call: calls[$0]) }
    }

    /// Takes out the calls that are due before a frame of this time, in the order of their list.
    mutating func remove(dueAt time: FrameTime) -> [(number: Int, call: ScheduledCall)] {
        let due = timed[takenCount...].prefix { $0.time <= time }
        takenCount += due.count
        return due.map(\.number).sorted().map { (number: $0, call: calls[$0]) }
    }
}
