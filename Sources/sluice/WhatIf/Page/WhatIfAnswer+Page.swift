import CloudModel
import Replay

/// The report as a page that needs nothing but itself.
extension WhatIfAnswer {
    /// How many flows the page lists unless all are asked for.
    private static let pageFlowCount = 1000

    /// The page. `command` is what was typed.
    func page(command: [String], isComplete: Bool) -> String {
        let html: HTMLText = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="sluice \(Sluice.version)">
            <title>\(title)</title>
            <style>
            \(PageStyle.css)
            </style></head><body>
            <h1>\(title)</h1>
            \(verdict)
            <pre><code>\(WhatIfAnswer.shellText(command))</code></pre>
            \(list(callLines))
            <h2>Packets</h2>
            \(totals)
            <h2>Over time</h2>
            \(TimelineChart(result.timeline).html)
            \(Flip.allCases.map { section(of: $0, isComplete) }.joined)
            \(notes)
            <script>
            \(PageStyle.script)
            </script></body></html>

            """
        return html.description
    }

    private var title: String {
        "What if: \(headline)"
    }

    private var verdict: HTMLText {
        let count = result.dependent
        guard count.packets > 0 else { return "" }
        return """
            <p>\(Figures.packets(count.packets)) more (\(Figures.bytes(count.bytes))) are accepted as \
            before, but belong to connections of which packets are dropped: nobody would have sent \
            most of them.</p>
            """
    }

    private var totals: HTMLText {
        let headings = ["", "before", "after", "difference"]
        let rows = Verdict.allCases.map { verdict -> [PageTable.Cell] in
            let before = result.before.tally.packetCount(of: verdict)
            let after = result.after.tally.packetCount(of: verdict)
            let sign = after > before ? "+" : ""
            return [
                .text(verdict.rawValue), .number(before, shown: Figures.grouped(before)),
                .number(after, shown: Figures.grouped(after)),
                .number(after - before, shown: sign + Figures.grouped(after - before)),
            ]
        }
        return "<div class=\"panel\">\(PageTable(headings: headings, rows: rows).html)</div>"
    }

    private func section(of flip: Flip, _ isComplete: Bool) -> HTMLText {
        let flows = Array(result.flips(flip))
        guard !flows.isEmpty else { return "" }
        let listed = flows.prefix(isComplete ? .max : WhatIfAnswer.pageFlowCount)
        return """
            <h2 class="\(flip == .acceptToDrop ? "drop" : "accept")">\(flip.words)</h2>
            <div class="grid">
            \(groups(flip, "by rule", result.flipsByRule(flip)) { $0.text })
            \(groups(flip, "by peer", result.flipsByPeer(flip)) { $0.description })
            \(groups(flip, "by port", result.flipsByService(flip)) { $0.description })
            </div>
            <h3 style="margin-top:1.25rem">\(flowTitle(listed.count, of: flows.count))</h3>
            \(flowTable(Array(listed)).html)
            """
    }

    private func flowTitle(_ listed: Int, of count: Int) -> String {
        listed == count
            ? counted(count, "flow")
            : "The first \(Figures.grouped(listed)) of \(counted(count, "flow"))"
                + "; --all lists them all"
    }

    private func groups<Key: Hashable & Sendable>(
        _ flip: Flip, _ title: String, _ groups: [FlipGroup<Key>], _ name: (Key) -> String
    ) -> HTMLText {
        let limit = 15
        let rows = groups.prefix(limit).map { group -> [PageTable.Cell] in
            [
                .text(name(group.key)),
                .number(group.flowCount, shown: Figures.grouped(group.flowCount)),
                .number(group.count.packets, shown: Figures.grouped(group.count.packets)),
                .number(group.dependent.packets, shown: Figures.grouped(group.dependent.packets)),
            ]
        }
        let table = PageTable(headings: [title, "flows", "packets", "dependent"], rows: rows)
        var rest: [String] = []
        if groups.count > limit { rest.append("and \(groups.count - limit) more") }
        let unlisted = result.unlisted(of: flip).packets
        if unlisted > 0 { rest.append("\(Figures.packets(unlisted)) of flows not told apart") }
        let note: HTMLText =
            rest.isEmpty ? "" : "<p class=\"soft small\">\(rest.joined(separator: "; "))</p>"
        return "<div class=\"panel\">\(table.html)\(note)</div>"
    }

    private func flowTable(_ flows: [FlowFlip]) -> PageTable {
        let rows = flows.map { flow -> [PageTable.Cell] in
            [
                .code(flow.flowText), .text(flow.placeText),
                .number(flow.count.packets, shown: Figures.grouped(flow.count.packets)),
                .number(flow.count.bytes, shown: Figures.bytes(flow.count.bytes)),
                .number(flow.dependent.packets, shown: Figures.grouped(flow.dependent.packets)),
                .time(flow.firstSeen.text), .time(flow.lastSeen.text), .text(flow.beforeText),
                .text(flow.afterText),
            ]
        }
        return PageTable(
            headings: [
                "flow", "where", "packets", "bytes", "dependent", "first seen", "last seen",
                "before", "after",
            ], rows: rows, hasCards: true)
    }

    private var notes: HTMLText {
        var html = HTMLText()
        let sessions = result.sessionSentences
        if !sessions.isEmpty { html += "<h2>Sessions at the change</h2>\(list(sessions))" }
        let uncertain = uncertainLines
        if !uncertain.isEmpty { html += "<h2>What is not certain</h2>\(list(uncertain))" }
        return html
    }

    private func list(_ lines: [String]) -> HTMLText {
        "<ul>\(lines.map { "<li>\($0)</li>" as HTMLText }.joined)</ul>"
    }

    /// The command as a shell would take it.
    private static func shellText(_ command: [String]) -> String {
        (["sluice"] + command.dropFirst()).map { word in
            let isPlain =
                !word.isEmpty
                && word.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                        || "-_./:=@,+".unicodeScalars.contains($0)
                }
            return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
        }.joined(separator: " ")
    }
}
