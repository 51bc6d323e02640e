internal import CloudModel
internal import ControlPlane
internal import Scenarios

/// The keys of a scenario.
private enum ScenarioKey: String, JSONKey {
    case id, fleet, steps, confidence, source, note

    static let table = JSONKeyTable<ScenarioKey>()
}

/// The keys of a step.
private enum StepKey: String, JSONKey {
    case packet, operation, parameters, advance, expect

    static let table = JSONKeyTable<StepKey>()
}

extension DocumentReader {
    /// The scenario that comes next; `nil` if mistakes in it were reported.
    ///
    /// `fleets` has those that the scenario names by their paths.
    mutating func readScenario(
        file: String, line: Int, _ fleets: inout NamedFleets
    ) throws(JSONSyntaxError) -> Scenario? {
        let errorCount = errors.count
        guard var object = try enterObject(of: ScenarioKey.self) else { return nil }
        var scenario = Scenario(
            file: file, line: line, fleet: Fleet(vendor: .alibaba), steps: [])
        while let key = try nextKey(in: &object) {
            switch key {
            case .id: scenario.id = try readString()
            case .fleet: scenario.fleet = try readFleet(&fleets) ?? scenario.fleet
            case .steps: scenario.steps = try readSteps()
            case .confidence, .source, .note:
                scenario.labels[key.rawValue] = try readString()
            }
        }
        require(.fleet, .steps, in: object)
        checkInterfaces(of: scenario, below: object.start)
        return errors.count == errorCount ? scenario : nil
    }

    /// The fleet that comes next, or that the path that comes next names.
    private mutating func readFleet(
        _ fleets: inout NamedFleets
    ) throws(JSONSyntaxError) -> Fleet? {
        guard try json.nextKind() == .string else {
            return try FleetReader.readFleet(from: &self)
        }
        guard let path = try readString() else { return nil }
        switch fleets[path] {
        case .read(let fleet): return fleet
        case .failed(let cause):
            report(.unusableFleet(cause))
            return nil
        }
    }

    private mutating func readSteps() throws(JSONSyntaxError) -> [ScenarioStep] {
        guard try enterArray() else { return [] }
        var steps: [ScenarioStep] = []
        while try nextElement() {
            if let step = try readStep() { steps.append(step) }
        }
        return steps
    }

    private mutating func readStep() throws(JSONSyntaxError) -> ScenarioStep? {
        guard var object = try enterObject(of: StepKey.self) else { return nil }
        var action: ScenarioStep.Action?
        var request = OperationRequest("", [:])
        var claims: [Claim] = []
        while let key = try nextKey(in: &object) {
            switch key {
            case .packet: action = try readSeenPacket().map { .packet($0) } ?? action
            case .operation: request.operation = try readString() ?? ""
            case .parameters: request.parameters = try readParameters()
            case .advance: action = try readSpan().map { .advance($0) } ?? action
            case .expect: claims = try readClaims()
            }
        }
        let kinds: [StepKey] = [.packet, .operation, .advance].filter { object.has($0) }
        guard kinds.count == 1 else {
            report(
                .notExactlyOne(of: ["packet", "operation", "advance"]), at: [],
                below: object.start)
            return nil
        }
        if object.has(.parameters), kinds != [.operation] {
            report(.keyNeedsOperation, at: [.key("parameters")], below: object.start)
        }
        check(claims, of: kinds[0], below: object.start)
        return kinds == [.operation]
            ? ScenarioStep(.operation(request), claims: claims)
            : action.map { ScenarioStep($0, claims: claims) }
    }

    /// Reports expectations that a step of this kind can never meet.
    private mutating func check(_ claims: [Claim], of kind: StepKey, below start: Int) {
        for claim in claims {
            guard let owner = claim.subject.owner, owner != kind.rawValue else { continue }
            report(
                .expectationOfOtherStep(owner: owner),
                at: [.key("expect"), .key(claim.subject.firstKey)], below: start)
        }
    }

    /// Reports packets at interfaces that the fleet does not have: no operation makes one.
    private mutating func checkInterfaces(of scenario: Scenario, below start: Int) {
        let known = Set(scenario.fleet.networkInterfaces.map(\.id))
        for (index, step) in scenario.steps.enumerated() {
            guard case .packet(let seen) = step.action, let id = seen.networkInterface,
                !known.contains(id)
            else { continue }
            report(
                .unknownReference(.networkInterface, id.text),
                at: [.key("steps"), .index(index), .key("packet"), .key("networkInterface")],
                below: start)
        }
    }

    /// The seconds that come next, of which there may be fractions and a sign.
    private mutating func readSpan() throws(JSONSyntaxError) -> Duration? {
        guard try expect(.number) else { return nil }
        let text = String(decoding: json.bytes[try json.readNumber()], as: UTF8.self)
        if let span = Duration(decimalSeconds: text) { return span }
        report(.malformed(.span, found: text))
        return nil
    }
}

extension Claim.Subject {
    /// The kind of step that has such a result; `nil` if all have it.
    fileprivate var owner: String? {
        switch self {
        case .decision, .reason, .rule, .securityGroup, .networkInterface, .direction: "packet"
        case .ok, .unknownPermissions, .errorCode, .errorHTTPStatus: "operation"
        case .rules, .securityGroups, .status: nil
        }
    }

    /// The key of `expect` that it stands below.
    fileprivate var firstKey: String {
        String(description.prefix { $0 != "." })
    }
}

extension Duration {
    /// Reads decimal seconds such as `-1.25`, up to 2^32 of them.
    fileprivate init?(decimalSeconds text: String) {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first, whole.allSatisfy(\.isWholeNumber),
            let seconds = Int64(whole), seconds <= 1 << 32
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= 9, fraction.allSatisfy(\.isWholeNumber) else { return nil }
        let zeros = String(repeating: "0", count: 9 - fraction.count)
        guard let nanoseconds = Int64(fraction + zeros) else { return nil }
        let span = Duration.seconds(seconds) + .nanoseconds(nanoseconds)
        self = isNegative ? .zero - span : span
    }
}
