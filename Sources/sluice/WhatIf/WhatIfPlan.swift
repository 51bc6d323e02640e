import Captures
import CloudFiles
import CloudModel
import ControlPlane
import Replay

/// The change that `whatif` is about: the calls in their order, and how the user gave each.
struct WhatIfPlan {
    static let operations = Option(
        "--operations", .text("FILE"), isRepeatable: true,
        summary: "API calls, one a line; those with an `at` are made in mid-capture")
    static let revoke = Option(
        "--revoke", .text("RULE"), isRepeatable: true, summary: "revoke a rule, by its id")
    static let leave = Option(
        "--leave", .text("GROUP:ENI"), isRepeatable: true,
        summary: "take an interface out of a group")
    static let join = Option(
        "--join", .text("GROUP:ENI"), isRepeatable: true, summary: "put an interface into a group")
    static let detach = Option(
        "--detach", .text("ENI"), isRepeatable: true, summary: "detach an interface")

    private static let options = [operations, revoke, leave, join, detach]

    /// A call, and where it comes from.
    struct Call {
        let request: OperationRequest
        let time: FrameTime?
        /// Such as `--revoke sgr-1` or `calls.jsonl:3`.
        let origin: String

        var scheduled: ScheduledCall { ScheduledCall(request, at: time) }
    }

    /// The fleet before the change.
    private(set) var fleet: Fleet
    private(set) var calls: [Call] = []

    /// Reads the files and translates the options, each as the fleet is behind those before it.
    ///
    /// - Throws: ``CommandFailure`` if there is no change, for a file with mistakes, and for names
    ///   that the fleet does not have.
    init(_ arguments: Arguments, on fleet: Fleet) throws(CommandFailure) {
        self.fleet = fleet
        let given = arguments.sequence.filter { WhatIfPlan.options.contains($0.option) }
        guard !given.isEmpty else {
            let names = WhatIfPlan.options.map { "`\($0.usage)`" }.joined(separator: ", ")
            throw .usage("`whatif` needs a change: one or more of \(names)", command: "whatif")
        }
        var intentions: [Int: Intention] = [:]
        for (index, each) in given.enumerated() where each.option != WhatIfPlan.operations {
            let intention = try WhatIfPlan.intention(each)
            intention.nameAttachment(in: &self.fleet)
            intentions[index] = intention
        }
        var cloud = ControlPlane(self.fleet)
        for (index, each) in given.enumerated() {
            if let intention = intentions[index] {
                try add(intention, "\(each.option.name) \(each.value)", to: &cloud)
            } else {
                try addCalls(ofFileAt: each.value, to: &cloud)
            }
        }
    }

    /// How many calls were refused.
    func refusedCount(in result: WhatIfResult) -> Int {
        result.after.calls.count { call in
            if case .refused = call.outcome { true } else { false }
        }
    }

    private mutating func addCalls(
        ofFileAt path: String, to cloud: inout ControlPlane
    ) throws(CommandFailure) {
        for call in try loadCalls(at: path) {
            calls.append(
                Call(
                    request: call.request, time: call.time.map(FrameTime.init),
                    origin: "\(path):\(call.line)"))
            if call.time == nil { _ = cloud.perform(call.request) }
        }
    }

    private mutating func add(
        _ intention: Intention, _ origin: String, to cloud: inout ControlPlane
    ) throws(CommandFailure) {
        let requests: [OperationRequest]
        do throws(IntentionError) {
            requests = try intention.requests(in: cloud.fleet)
        } catch {
            let hint = error.unknownName
                .flatMap { closestWord(to: $0, among: error.knownNames(in: cloud.fleet)) }
                .map { "; did you mean `\($0)`?" }
            throw .input("\(origin): \(error.message)\(hint ?? "")")
        }
        for request in requests {
            calls.append(Call(request: request, time: nil, origin: origin))
            if case .refused = cloud.perform(request) { return }
        }
    }

    private static func intention(_ given: Arguments.Given) throws(CommandFailure) -> Intention {
        let text = given.value
        if given.option == revoke { return .revoke(RuleID(text)) }
        if given.option == detach { return .detach(NetworkInterfaceID(text)) }
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
            text.index(after: colon) != text.endIndex
        else {
            throw .usage(
                "`\(given.option.name)` needs `GROUP:ENI`, not `\(text)`", command: "whatif")
        }
        let group = SecurityGroupID(String(text[..<colon]))
        let interface = NetworkInterfaceID(String(text[text.index(after: colon)...]))
        return given.option == leave ? .leave(group, interface) : .join(group, interface)
    }
}

extension WhatIfAnswer {
    /// What came of each call, in the order in which they were made, and which were not.
    var callLines: [String] {
        var lines: [String] = []
        var made: Set<Int> = []
        for each in result.after.calls {
            made.insert(each.number)
            lines.append(plan.calls[each.number].line(each.outcome, each.changed.count))
        }
        for (number, call) in plan.calls.enumerated() where !made.contains(number) {
            lines.append(
                "\(call.request.operation) (\(call.origin)): not made, "
                    + "the captures end before its time")
        }
        return lines
    }
}

extension WhatIfPlan.Call {
    /// What came of the call, in a line.
    func line(_ outcome: OperationOutcome, _ changedCount: Int) -> String {
        let result =
            switch outcome {
            case .success(let success):
                (["ok, \(changedCount) interface\(changedCount == 1 ? "" : "s") changed"]
                    + success.warnings).joined(separator: "; ")
            case .refused(let refusal):
                "refused: \(refusal.httpStatus) \(refusal.code): \(refusal.message)"
            }
        return "\(request.operation) (\(origin)): \(result)"
    }
}
