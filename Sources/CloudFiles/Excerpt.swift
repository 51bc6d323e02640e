/// A piece of somebody's input as a message may show it: on one line, without control characters, and
/// not longer than a reader wants.
struct Excerpt: CustomStringConvertible {
    /// How much of the input is shown.
    static let characterLimit = 60

    private let text: String

    init(_ text: String) { self.text = text }

    /// The input, with escapes for what does not print and `…` for what was cut off.
    var description: String {
        var shown = ""
        for (position, scalar) in text.unicodeScalars.enumerated() {
            guard position < Excerpt.characterLimit else { return shown + "…" }
            shown += scalar.escaped(asASCII: false)
        }
        return shown
    }
}
