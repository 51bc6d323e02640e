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
    /// The numbers of those to be made, in their order.
    private var pending: [Int]
    /// The earliest time of a pending call.
    private var nextTime: FrameTime?

    init(_ calls: [ScheduledCall]) {
        self.calls = calls
        pending = Array(calls.indices)
        nextTime = calls.compactMap(\.time).min()
    }

    /// The place of the first frame that a call comes before; `nil` if there is none.
    func firstFrame(in frames: [BatchedFrame]) -> Int? {
        guard let nextTime else { return nil }
        return frames.firstIndex { $0.time >= nextTime }
    }

    /// Takes out the calls without a time.
    mutating func removeUntimed() -> [(number: Int, call: ScheduledCall)] {
        remove { $0.time == nil }
    }

    /// Takes out the calls that are due before a frame of this time, in the order of their list.
    mutating func remove(dueAt time: FrameTime) -> [(number: Int, call: ScheduledCall)] {
        remove { call in call.time.map { $0 <= time } ?? false }
    }

    private mutating func remove(
        _ isDue: (ScheduledCall) -> Bool
    ) -> [(number: Int, call: ScheduledCall)] {
        let due = pending.filter { isDue(calls[$0]) }
        pending.removeAll { isDue(calls[$0]) }
        nextTime = pending.compactMap { calls[$0].time }.min()
        return due.map { (number: $0, call: calls[$0]) }
    }
}
