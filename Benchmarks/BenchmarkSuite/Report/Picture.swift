/// The decisions of a run as a picture: a bar for sluice and one for rte_acl in each cell, readable on
/// light and dark pages.
package struct Picture {
    private let cells: [Row]
    private let title: String

    private static let rowHeight = 34
    private static let top = 74
    private static let left = 190
    private static let width = 900
    private static let barWidth = 560.0

    /// A picture of the cells among `rows` that have a peer.
    package init(_ rows: [Row], _ machine: Machine) {
        cells = rows.filter {
            $0.unit == .millionsPerSecond && $0.comparison != nil && !$0.name.hasSuffix("no-memo")
                && ($0.name.hasSuffix("/uniform") || $0.name.hasSuffix("/zipf"))
        }
        title = machine.summary
    }

    /// The picture as SVG; `nil` if there is nothing to show.
    package var svg: String? {
        guard !cells.isEmpty else { return nil }
        let height = Picture.top + cells.count * Picture.rowHeight + 16
        let most = cells.map { max($0.median, $0.comparison?.median ?? 0) }.max() ?? 1
        let bars = cells.enumerated().map { bar($0.element, place: $0.offset, most: most) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Picture.width) \(height)" \
            width="\(Picture.width)" height="\(height)" role="img" \
            aria-label="Million decisions a second on one core, sluice beside rte_acl">
            \(Picture.style)
            <text x="16" y="28" class="title">Million decisions a second, one core</text>
            <text x="16" y="50" class="note">\(Picture.escaped(title))</text>
            <rect x="620" y="18" width="12" height="12" class="own"/>
            <text x="638" y="28">sluice</text>
            <rect x="720" y="18" width="12" height="12" class="peer"/>
            <text x="738" y="28">rte_acl, best method</text>
            \(bars.joined(separator: "\n"))
            </svg>

            """
    }

    private func bar(_ row: Row, place: Int, most: Double) -> String {
        let y = Picture.top + place * Picture.rowHeight
        let peer = row.comparison?.median ?? 0
        let scale = Picture.barWidth / most
        let left = Picture.left
        let ratio = row.comparison.map { " (\(Row.text($0.ratio))×)" } ?? ""
        let ownWidth = Row.text(row.median * scale)
        let peerWidth = Row.text(peer * scale)
        let ownEnd = left + Int(row.median * scale) + 6
        let peerEnd = left + Int(peer * scale) + 6
        return """
            <text x="\(left - 8)" y="\(y + 17)" class="name">\(Picture.escaped(label(of: row)))</text>
            <rect x="\(left)" y="\(y)" width="\(ownWidth)" height="12" class="own"/>
            <text x="\(ownEnd)" y="\(y + 10)" class="value">\(Row.text(row.median))\(ratio)</text>
            <rect x="\(left)" y="\(y + 13)" width="\(peerWidth)" height="12" class="peer"/>
            <text x="\(peerEnd)" y="\(y + 23)" class="value">\(Row.text(peer))</text>
            """
    }

    /// The cell's name without what all have.
    private func label(of row: Row) -> String {
        row.name.split(separator: "/").dropFirst().joined(separator: " ")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }

    private static let style = """
        <style>
        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-size: 16px; font-weight: 600 }
        .note, .value { fill: #57606a; font-size: 11px }
        .name { text-anchor: end }
        .own { fill: #0969da } .peer { fill: #afb8c1 }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .note, .value { fill: #9198a1 }
        .own { fill: #58a6ff } .peer { fill: #656c76 } }
        </style>
        """
}
