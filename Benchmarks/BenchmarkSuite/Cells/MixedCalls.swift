internal import CloudModel
internal import ControlPlane

/// What takes calls, and tells how long that took.
protocol CallTaker: ~Copyable {
    /// The state after the calls so far.
    var fleet: Fleet { get }

    /// Makes a call that is not refused, and gives the microseconds that are measured; `nil` if it
    /// changed nothing.
    mutating func microseconds(of request: OperationRequest) -> Double?
}

/// Calls of all kinds in random order, and how long each took.
struct MixedCalls {
    private var maker: CallMaker
    /// Whose detach was measured last: attached again before the next.
    private var detached: (interface: NetworkInterfaceID, instance: InstanceID)?

    init(_ shape: FleetShape, seed: UInt64) { maker = CallMaker(shape, seed: seed) }

    /// The microseconds of `count` calls of each kind, after one of each that is not measured: the first
    /// finds nothing in the caches, and copies what is shared with the fleet as it was given.
    mutating func times<Taker: CallTaker & ~Copyable>(
        ofEach count: Int, by taker: inout Taker
    ) -> [CallKind: [Double]] {
        for kind in CallKind.allCases { _ = time(of: kind, by: &taker) }
        var times: [CallKind: [Double]] = [:]
        for kind in maker.kinds(ofEach: count) {
            times[kind, default: []].append(time(of: kind, by: &taker))
        }
        return times
    }

    private mutating func time<Taker: CallTaker & ~Copyable>(
        of kind: CallKind, by taker: inout Taker
    ) -> Double {
        if kind == .detach { return timeOfDetach(by: &taker) }
        while true {
            // A rule that the group has already is accepted and changes nothing.
            if let time = taker.microseconds(of: maker.call(kind, on: taker.fleet)) { return time }
        }
    }

    /// The time of the answer to a detach.
    private mutating func timeOfDetach<Taker: CallTaker & ~Copyable>(
        by taker: inout Taker
    ) -> Double {
        if let (interface, instance) = detached {
            _ = taker.microseconds(
                of: .attachment("AttachNetworkInterface", interface, instance))
        }
        let interface = maker.attachedInterface(of: taker.fleet)
        detached = interface
        _ = taker.microseconds(
            of: .attachment("DetachNetworkInterface", interface.interface, interface.instance))
        let answer = OperationRequest(
            "DetachCompleted", ["NetworkInterfaceId": .string(interface.interface.text)])
        guard let time = taker.microseconds(of: answer) else {
            preconditionFailure("a detach that changes nothing")
        }
        return time
    }
}
