internal import CloudModel
internal import ControlPlane
package import Scenarios

extension JSONWriter {
    /// Writes a scenario as FORMATS section 4 has it: the root. Its fleet takes several lines.
    package mutating func write(_ scenario: Scenario) {
        beginObject()
        if let id = scenario.id { write("id", id) }
        for (key, value) in scenario.labels.sorted(by: { $0.key < $1.key }) { write(key, value) }
        beginArray("steps")
        for step in scenario.steps { write(step) }
        endArray()
        // It ends its line, so nothing can stand behind it.
        write(key: "fleet")
        write(scenario.fleet)
        endObject()
        endLine()
    }

    private mutating func write(_ step: ScenarioStep) {
        beginObject()
        switch step.action {
        case .packet(let seen):
            write("packet", seen.packet, at: seen.networkInterface, seen: seen.direction)
        case .operation(let request):
            write("operation", request.operation)
            write(key: "parameters")
            write(.object(request.parameters))
        case .advance(let span): write("advance", literal: span.decimalSeconds)
        }
        if !step.claims.isEmpty { write(step.claims) }
        endObject()
    }

    private mutating func write(_ claims: [Claim]) {
        beginObject("expect")
        for claim in claims where claim.subject.keys.count == 1 { write(claim) }
        for head in ["error", "state"] {
            let below = claims.filter { $0.subject.keys.first == head && $0.subject.keys.count > 1 }
            guard !below.isEmpty else { continue }
            beginObject(head)
            writeMembers(below)
            endObject()
        }
        endObject()
    }

    /// Writes claims that stand below the key that is open.
    private mutating func writeMembers(_ claims: [Claim]) {
        for claim in claims where claim.subject.keys.count == 2 { write(claim) }
        for kind in ["rules", "securityGroups", "status"] {
            let below = claims.filter { $0.subject.keys.count == 3 && $0.subject.keys[1] == kind }
            guard !below.isEmpty else { continue }
            beginObject(kind)
            for claim in below { write(claim) }
            endObject()
        }
    }

    private mutating func write(_ claim: Claim) {
        write(anyKey: claim.subject.keys.last ?? "")
        write(claim.expected)
    }

    /// Writes what is expected or found: an array's next element, or the value of an open key.
    package mutating func write(_ value: ClaimValue) {
        switch value {
        case .text(let text): write(text)
        case .number(let number): write(number)
        case .truth(let value): write(literal: value ? "true" : "false")
        case .nothing: write(literal: "null")
        case .names(let names):
            beginArray()
            for name in names.sorted() { write(name) }
            endArray()
        }
    }
}

extension Claim.Subject {
    /// The keys from `expect` to the claim.
    fileprivate var keys: [String] {
        switch self {
        case .errorCode: ["error", "code"]
        case .errorHTTPStatus: ["error", "httpStatus"]
        case .rules(let id): ["state", "rules", id.text]
        case .securityGroups(let id): ["state", "securityGroups", id.text]
        case .status(let id): ["state", "status", id.text]
        default: [description]
        }
    }
}

extension Duration {
    /// The seconds as a decimal number, exact to the nanosecond.
    fileprivate var decimalSeconds: String {
        let (seconds, attoseconds) = components
        let nanoseconds = abs(attoseconds) / 1_000_000_000
        let sign = self < .zero ? "-" : ""
        let whole = "\(sign)\(seconds.magnitude)"
        guard nanoseconds != 0 else { return whole }
        let digits = String(nanoseconds)
        return "\(whole).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }
}
