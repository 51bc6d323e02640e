import CloudModel
import FilterTables
import Replay
import Sessions

/// How many of the rules the text report lists.
private let listedRuleCount = 20

extension ReplayResult {
    /// The report for people, with the flows of which most was dropped if they were asked for.
    func text(_ flows: TopDroppedFlows?) -> String {
        ([summary, decisionLines, reasonLines]
            + ([sessionLines, ruleLines] + (flows?.textBlocks ?? []) + [captureLines])
            .filter { !$0.isEmpty })
            .map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var summary: [String] {
        let captureText = captures.count == 1 ? "1 capture" : "\(captures.count) captures"
        return [
            "\(Figures.packets(tally.packetCount)), \(Figures.bytes(tally.byteCount)), "
                + captureText + (sessions == nil ? "; without sessions" : ""),
            "\(Figures.seconds(elapsedSeconds)): \(Figures.rate(packetsPerSecond)) packets/s, "
                + "\(Figures.bitRate(bitsPerSecond)), "
                + "\(Figures.rate(decisionsPerSecond)) decisions/s",
        ]
    }

    private var decisionLines: [String] {
        Verdict.allCases.map { line($0.rawValue, tally.packetCount(of: $0)) }
    }

    private var reasonLines: [String] {
        ["why"]
            + Reason.allCases.filter { tally.packetCount(of: $0) > 0 }
            .sorted { tally.packetCount(of: $0) > tally.packetCount(of: $1) }
            .map { line("  " + $0.rawValue, tally.packetCount(of: $0)) }
    }

    private var sessionLines: [String] {
        guard let sessions, sessions.created > 0 || tally.midstreamCount > 0 else { return [] }
        let counts = [
            ("created", sessions.created), ("expired", sessions.expired),
            ("evicted for want of room", sessions.evicted),
            ("cut by a change", sessions.cut), ("live at the end", sessions.live),
        ]
        var lines = ["sessions"]
        for (title, count) in counts where count > 0 {
            lines.append("  " + title.padded(to: 26) + Figures.grouped(count).leftPadded(to: 10))
        }
        if tally.midstreamCount > 0 {
            lines.append(
                "  drops of connections that began before the capture (midstream): "
                    + Figures.grouped(tally.midstreamCount))
        }
        return lines
    }

    private func line(_ title: String, _ count: Int) -> String {
        title.padded(to: 24) + Figures.grouped(count).leftPadded(to: 14)
            + Figures.percent(count, of: tally.packetCount).leftPadded(to: 10)
    }

    private var ruleLines: [String] {
        guard !rules.isEmpty else { return [] }
        let listed = rules.prefix(listedRuleCount)
        let count =
            listed.count == rules.count ? "" : ", the first \(listed.count) of \(rules.count)"
        let ruleWidth = (listed.map(\.origin.rule.text.count).max() ?? 0) + 2
        let groupWidth = (listed.map(\.origin.securityGroup.text.count).max() ?? 0) + 2
        return ["rules that decided (evaluations, bytes)\(count)"]
            + listed.map { rule in
                "  " + rule.origin.rule.text.padded(to: ruleWidth)
                    + rule.origin.securityGroup.text.padded(to: groupWidth)
                    + rule.origin.direction.rawValue.padded(to: 9)
                    + Figures.grouped(rule.hit.packetCount).leftPadded(to: 14)
                    + Figures.bytes(rule.hit.byteCount).leftPadded(to: 10)
            }
    }

    private var captureLines: [String] {
        earlyEnds.isEmpty
            ? [] : ["captures that ended early"] + earlyEnds.map { "  \($0.printable)" }
    }

    /// A line for each capture that ended early; those that a stopped replay did not come to are one.
    var earlyEnds: [String] {
        var lines = incompleteCaptures.filter(\.isBegun).map(\.endText)
        let restCount = incompleteCaptures.count { !$0.isBegun }
        if restCount == 1 { lines.append("1 capture was not begun") }
        if restCount > 1 { lines.append("\(Figures.grouped(restCount)) captures were not begun") }
        return lines
    }
}

extension CaptureResult {
    /// Where and why a capture ended early.
    fileprivate var endText: String {
        "`\(path)` ended early, after \(Figures.packets(packetCount)): \(error ?? "unknown cause")"
    }
}
