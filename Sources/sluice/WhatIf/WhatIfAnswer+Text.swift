import CloudModel
import ControlPlane
import Replay
import Sessions

/// The report for people: the answer first, then who is hit, then what is not known.
extension WhatIfAnswer {
    /// How many flows, and rows of each summary, are listed unless all are asked for.
    static let listedFlowCount = 20
    private static let listedGroupCount = 5

    /// The text.
    func text(isComplete: Bool) -> String {
        let flips = Flip.allCases.flatMap { sections(of: $0, isComplete) }
        return ([[headline] + refusalLines + dependentLines, totalLines] + flips + [noteLines])
            .filter {
                !$0.isEmpty
            }
            .map { $0.map { $0.printable + "\n" }.joined() }.joined(separator: "\n")
    }

    /// The answer in one line: what was refused first, since all else is about the rest.
    var headline: String {
        let (made, refused) = (result.after.calls.count, plan.refusedCount(in: result))
        switch refused {
        case 0: return verdict
        case made: return "refused: \(counted(made, "call")), so nothing changes"
        default: return "refused: \(refused) of \(counted(made, "call")); the rest: \(verdict)"
        }
    }

    /// What flips, in one line.
    private var verdict: String {
        guard !result.isQuiet else {
            return "nothing flips: all \(Figures.packets(result.before.tally.packetCount)) are "
                + "decided as before"
        }
        return Flip.allCases.filter { result.total(of: $0).packets > 0 }.map { flip in
            let count = result.total(of: flip)
            let isMore = result.unlisted(of: flip).packets > 0
            return "\(flip.words): \(counted(result.flips(flip).count, "flow"))"
                + "\(isMore ? " and more" : ""), \(Figures.packets(count.packets)), "
                + Figures.bytes(count.bytes)
        }.joined(separator: "; ")
    }

    /// ` (the first 20 of 31 flows)`, or the number of all.
    func listing(_ listed: Int, of count: Int, _ noun: String) -> String {
        listed == count
            ? " (\(counted(count, noun)))"
            : " (the first \(listed) of \(counted(count, noun)); --all lists them all)"
    }

    /// What happened to sessions, each in a line.
    var sessionLines: [String] {
        result.sessionSentences.map { "sessions at the change: \($0)" }
    }

    /// What is not certain, and why.
    var uncertainLines: [String] {
        var lines = result.uncertain.map { cause, count in
            "\(cause.word): \(Figures.packets(count)): \(cause.explanation)"
        }
        let evicted = [result.before, result.after].compactMap(\.sessions?.evicted).max() ?? 0
        if evicted > 0 {
            lines.append(
                "evicted: \(counted(evicted, "session")) given up for want of room; what they "
                    + "admitted may be dropped in one world only (--max-sessions)")
        }
        if result.unlisted.packets > 0 {
            lines.append(
                "flows: the first \(Figures.grouped(result.flips.count)) that flip are told apart; "
                    + "\(Figures.packets(result.unlisted.packets)) of others are in the totals only"
            )
        }
        return lines
    }

    /// Which calls were refused, and why.
    private var refusalLines: [String] {
        result.after.calls.compactMap { call in
            guard case .refused(_) = call.outcome else { return nil }
            return "  " + plan.calls[call.number].line(call.outcome, 0)
        }
    }

    private var dependentLines: [String] {
        let count = result.dependent
        guard count.packets > 0 else { return [] }
        return [
            "dependent: \(Figures.packets(count.packets)), \(Figures.bytes(count.bytes)): accepted "
                + "as before, but of connections of which packets are dropped"
        ]
    }

    private var totalLines: [String] {
        let header = "packets".padded(to: 14) + "before".leftPadded(to: 14)
        let rows = Verdict.allCases.map { verdict in
            [result.before, result.after].reduce(verdict.rawValue.padded(to: 14)) { line, replay in
                line + Figures.grouped(replay.tally.packetCount(of: verdict)).leftPadded(to: 14)
            }
        }
        let rate =
            "\(Figures.seconds(result.before.elapsedSeconds)) for both: "
            + "\(Figures.rate(result.decisionsPerSecond)) decisions/s"
        return [header + "after".leftPadded(to: 14)] + rows + [rate]
    }

    private func sections(of flip: Flip, _ isComplete: Bool) -> [[String]] {
        guard result.total(of: flip).packets > 0 else { return [] }
        let limit = isComplete ? Int.max : WhatIfAnswer.listedGroupCount
        let flows = Array(result.flips(flip))
        let listed = flows.prefix(isComplete ? .max : WhatIfAnswer.listedFlowCount)
        let header = ["flow", "where", "packets", "bytes", "dependent", "first seen", "last seen"]
        let rows = listed.map { flow in
            [
                flow.flowText, flow.placeText, Figures.grouped(flow.count.packets),
                Figures.bytes(flow.count.bytes), Figures.grouped(flow.dependent.packets),
                flow.firstSeen.text, flow.lastSeen.text, "\(flow.beforeText) → \(flow.afterText)",
            ]
        }
        return [
            groupTable(flip, "rule", result.flipsByRule(flip), limit) { $0.text },
            groupTable(flip, "peer", result.flipsByPeer(flip), limit) { $0.description },
            groupTable(flip, "port", result.flipsByService(flip), limit) { $0.description },
            ["\(flip.words)\(listing(listed.count, of: flows.count, "flow"))"]
                + TextTable.lines(
                    [header + ["before → after"]] + rows, rightAligned: [2, 3, 4]),
        ]
    }

    private func groupTable<Key: Hashable & Sendable>(
        _ flip: Flip, _ title: String, _ groups: [FlipGroup<Key>], _ limit: Int,
        _ name: (Key) -> String
    ) -> [String] {
        var rows = groups.prefix(limit).map { group in
            [
                name(group.key), Figures.grouped(group.flowCount),
                Figures.grouped(group.count.packets), Figures.bytes(group.count.bytes),
                Figures.grouped(group.dependent.packets),
            ]
        }
        let rest = groups.count - rows.count
        let unlisted = result.unlisted(of: flip)
        if unlisted.packets > 0 {
            rows.append([
                "(flows not told apart)", "?", Figures.grouped(unlisted.packets),
                Figures.bytes(unlisted.bytes), "?",
            ])
        }
        return TextTable.lines(
            [["\(flip.words), by \(title)", "flows", "packets", "bytes", "dependent"]]
                + rows.map { ["  " + $0[0]] + $0[1...] },
            rightAligned: [1, 2, 3, 4], indent: "") + (rest > 0 ? ["  … and \(rest) more"] : [])
    }

    private var noteLines: [String] {
        let uncertain = uncertainLines
        return sessionLines + (uncertain.isEmpty ? [] : ["uncertain"] + uncertain.map { "  " + $0 })
    }
}

/// Cells in columns that are as wide as need be.
enum TextTable {
    /// The lines of a table; columns are two blanks apart.
    static func lines(
        _ rows: [[String]], rightAligned: Set<Int>, indent: String = "  "
    ) -> [String] {
        let columns = rows.first?.indices ?? 0..<0
        let rows = rows.map { $0.map(\.printable) }
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = columns.map { column in
                if rightAligned.contains(column) {
                    return row[column].leftPadded(to: widths[column])
                }
                let isLast = column == columns.upperBound - 1
                return isLast ? row[column] : row[column].padded(to: widths[column])
            }
            return indent + cells.joined(separator: "  ")
        }
    }
}

/// A number with its noun.
func counted(_ number: Int, _ noun: String) -> String {
    "\(Figures.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}
