/// An option of a command: one row of its table.
struct Option: Hashable, Sendable {
    /// What follows the name.
    enum Value: Hashable, Sendable {
        case nothing
        /// Any text; the placeholder names it in the help.
        case text(String)
        /// A whole number from 1 up to a limit.
        case count(String, upTo: Int = .max)
        /// One of these words; the first is the default.
        case choice([String])
    }

    /// With its dashes: `-f`, `--loop`.
    let name: String
    let value: Value
    let summary: String
    let isRequired: Bool
    let isRepeatable: Bool

    init(
        _ name: String, _ value: Value = .nothing, isRequired: Bool = false,
        isRepeatable: Bool = false, summary: String
    ) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRequired = isRequired
        self.isRepeatable = isRepeatable
    }

    /// The name and the value's placeholder: `-f FLEET`, `-o text|json`.
    var usage: String {
        switch value {
        case .nothing: name
        case .text(let placeholder), .count(let placeholder, _): "\(name) \(placeholder)"
        case .choice(let words): "\(name) \(words.joined(separator: "|"))"
        }
    }

    /// Whether it is written with one dash and one letter, to which a value may be joined.
    var isShort: Bool { name.count == 2 }
}

extension Option {
    static let fleet = Option(
        "-f", .text("FLEET"), isRequired: true,
        summary: "the fleet: groups, rules and interfaces, as JSON")
    static let interface = Option(
        "--interface", .text("ENI[:ingress|egress]"),
        summary: "evaluate every packet once, at this interface")
    static let vpc = Option(
        "--vpc", .text("ID"), summary: "the VPC meant when interfaces of several own an address")
    static let help = Option("--help", summary: "print this help")

    /// The `-o` option of a command that can write `words`; the first is the default.
    static func format(_ words: String...) -> Option {
        Option("-o", .choice(words), summary: "the output's format; \(words[0]) unless given")
    }
}
