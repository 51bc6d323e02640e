/// A table of the page.
struct PageTable {
    /// A cell: what is shown, and what it is sorted by if that is a number.
    struct Cell {
        let html: HTMLText
        var value: String?
        var kind = ""

        /// Text, as it is.
        static func text(_ text: String) -> Cell { Cell(html: HTMLText(text)) }
        /// Text that programs read.
        static func code(_ text: String) -> Cell { Cell(html: "<code>\(text)</code>") }
        /// A number of something.
        static func number(_ number: Int, shown text: String) -> Cell {
            Cell(html: HTMLText(text), value: String(number), kind: "n")
        }
        /// A time, as the capture writes it.
        static func time(_ text: String) -> Cell {
            Cell(html: HTMLText(text), value: text, kind: "time")
        }
    }

    let headings: [String]
    let rows: [[Cell]]
    /// Whether rows become cards on narrow screens.
    var hasCards = false

    var html: HTMLText {
        let kinds = hasCards ? "sortable cards" : "sortable"
        let head = headings.enumerated().map { column, heading -> HTMLText in
            let isNumber = rows.first?[column].kind == "n"
            return isNumber ? "<th class=\"n\">\(heading)</th>" : "<th>\(heading)</th>"
        }
        let body = rows.map { "<tr>\(row($0))</tr>\n" as HTMLText }
        return """
            <div class="scroll"><table class="\(kinds)"><thead><tr>\(head.joined)</tr></thead>
            <tbody>
            \(body.joined)</tbody></table></div>

            """
    }

    private func row(_ cells: [Cell]) -> HTMLText {
        zip(headings, cells).map { heading, cell -> HTMLText in
            var attributes: HTMLText = " data-label=\"\(heading)\""
            if let value = cell.value { attributes += " data-value=\"\(value)\"" }
            if !cell.kind.isEmpty { attributes += " class=\"\(cell.kind)\"" }
            return "<td\(attributes)>\(cell.html)</td>"
        }.joined
    }
}
