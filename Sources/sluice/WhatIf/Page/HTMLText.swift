/// Text that is HTML already. What comes from files gets in only through ``init(_:)``, which escapes
/// it.
struct HTMLText: ExpressibleByStringInterpolation, CustomStringConvertible {
    /// Interpolated values are text: they are escaped, unless they are HTML themselves.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            html.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) { html += literal }
        mutating func appendInterpolation(_ text: String) { html += text.escapedForHTML }
        mutating func appendInterpolation(_ number: Int) { html += String(number) }
        mutating func appendInterpolation(_ part: HTMLText) { html += part.description }
    }

    private(set) var description: String

    /// The text, escaped.
    init(_ text: String) { description = text.escapedForHTML }

    /// A literal is HTML.
    init(stringLiteral value: String) { description = value }

    init(stringInterpolation: StringInterpolation) { description = stringInterpolation.html }

    /// Nothing.
    init() { description = "" }

    static func += (lhs: inout HTMLText, rhs: HTMLText) { lhs.description += rhs.description }
}

extension [HTMLText] {
    /// All parts, one behind the other.
    var joined: HTMLText { reduce(into: HTMLText()) { $0 += $1 } }
}

extension String {
    /// This text for the content of elements and for attributes in quotes, with escapes for what would
    /// turn the direction of writing.
    fileprivate var escapedForHTML: String {
        printable.reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.append(character)
            }
        }
    }
}
