import CloudModel
import ReferenceFilter

extension Explanation {
    /// The answer for people: verdict and reason first, then each evaluation step by step.
    package var text: String { text(notes: []) }

    /// The answer for people, with lines about the packet's origin behind the packet.
    package func text(notes: [String]) -> String {
        var lines = [decision.line, packetLine] + notes
        if let reply { lines.append("replies: \(reply.line)") }
        for effect in switchEffects { lines += ["", effect.line(insteadOf: decision)] }
        for evaluation in evaluations { lines += [""] + evaluation.lines }
        return lines.joined(separator: "\n") + "\n"
    }

    private var packetLine: String {
        let isFiltered = evaluations.contains { $0.decision.verdict != .none }
        return isFiltered ? "\(packet), without sessions" : "\(packet)"
    }
}

extension Decision {
    /// Verdict, reason and place.
    fileprivate var line: String {
        "\(verdict.rawValue): \(sentence)" + (place.map { " (\($0))" } ?? "")
    }
}

extension SwitchEffect {
    /// The sentence that names the switch.
    fileprivate func line(insteadOf decision: Decision) -> String {
        "The verdict hangs on a switch: with \(name)=\(other) it is "
            + "\(self.decision.verdict.rawValue) (\(self.decision.sentence)); "
            + "the fleet has \(name)=\(current)."
    }
}

extension ExplainedEvaluation {
    fileprivate var lines: [String] {
        let title = "\(decision.place ?? "nowhere"): \(decision.verdict.rawValue)"
        return [title]
            + steps.flatMap { step in
                let line = "  \(step.kind.title.padded(to: stepTitleWidth))\(step.resultText)"
                return [line] + (step.kind == .rules ? candidateLines : [])
            }
    }

    private var candidateLines: [String] {
        let names = candidates.map { "\($0.rule.id) (\($0.securityGroup))" }
        let summaries = candidates.map(\.rule.summary)
        let nameWidth = (names.map(\.count).max() ?? 0) + 2
        let summaryWidth = (summaries.map(\.count).max() ?? 0) + 2
        return candidates.indices.map { index in
            let isDecider = candidates[index].rule.id == decision.rule
            return "  " + (isDecider ? "> " : "  ") + names[index].padded(to: nameWidth)
                + summaries[index].padded(to: summaryWidth)
                + fate(of: candidates[index], isDecider: isDecider)
        }
    }

    private func fate(of candidate: ExplainedCandidate, isDecider: Bool) -> String {
        if let field = candidate.failed { return "no match: \(field.phrase)" }
        if isDecider { return "decides" }
        return decision.reason == .rule
            ? "matches too, but is tried later" : "matches, but an earlier step decided"
    }
}

private let stepTitleWidth = 26

extension ExplainedStep.Kind {
    fileprivate var title: String {
        switch self {
        case .attachment: "attached and in a group?"
        case .fragmentSwitch: "fragments dropped?"
        case .platform: "platform traffic?"
        case .intraGroup: "open inside one group?"
        case .rules: "rules"
        case .byDefault: "default"
        }
    }
}

extension ExplainedStep {
    fileprivate var resultText: String {
        switch (kind, result) {
        case (.attachment, .passedOn): "yes"
        case (.attachment, .decided): "no: decides"
        case (.rules, .passedOn): "none matches"
        case (.byDefault, .decided), (.rules, .decided): "decides"
        case (_, .passedOn): "no"
        case (_, .decided): "yes: decides"
        case (_, .notReached): "not reached"
        case (_, .skipped(let name)): "not asked on egress (\(name)=off)"
        }
    }
}

extension RuleField {
    /// What is wrong with the field, for people.
    fileprivate var phrase: String {
        switch self {
        case .ipProtocol: "another protocol"
        case .destinationPort: "another destination port"
        case .icmpType: "another ICMP type"
        case .icmpCode: "another ICMP code"
        case .sourcePort: "another source port"
        case .peer: "the peer's address is not in it"
        case .localCIDR: "the interface's address is not in it"
        }
    }
}

extension String {
    /// This text with blanks behind it up to `width` characters.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
