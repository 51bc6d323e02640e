import CloudFiles

/// The arguments of a command, checked against its table.
struct Arguments: Hashable, Sendable {
    /// An option and its value.
    struct Given: Hashable, Sendable {
        let option: Option
        let value: String
    }

    private var values: [Option: [String]] = [:]
    /// The options that have values, in the order in which they were given.
    private(set) var sequence: [Given] = []
    private(set) var operands: [String] = []

    /// Whether `--help` was among them; nothing else is checked then.
    var asksForHelp: Bool { has(.help) }

    /// Reads the arguments behind the command's name: `-f FILE`, `-fFILE`, `--loop 3`, `--loop=3`;
    /// behind `--` everything is an operand. Of a command without operands, what stands behind the value of a
    /// repeatable option are further values: `-r *.pcap`, as a shell writes it out.
    ///
    /// - Throws: ``CommandFailure/usage(_:command:)`` with the first thing that is wrong.
    init(_ texts: [String], for command: Command) throws(CommandFailure) {
        var rest = texts[...]
        var listed: Option?
        while let text = rest.popFirst() {
            if text == "--" {
                operands += rest
                rest = []
            } else if text.hasPrefix("-"), text != "-" {
                let option = try take(text, &rest, command)
                listed = option.isRepeatable && command.takesNoOperands ? option : nil
            } else if let listed {
                try add(text, to: listed, command)
            } else {
                operands.append(text)
            }
        }
        if !asksForHelp { try checkCompleteness(for: command) }
    }

    /// Whether the option was given.
    func has(_ option: Option) -> Bool { values[option] != nil }

    /// The option's value, or `nil` if it was not given.
    func text(_ option: Option) -> String? { values[option]?.last }

    /// The values of an option that may be repeated.
    func texts(_ option: Option) -> [String] { values[option] ?? [] }

    /// The value of a required option.
    ///
    /// - Precondition: the command's table requires the option.
    func required(_ option: Option) -> String {
        guard let text = text(option) else { preconditionFailure("\(option.name) was checked") }
        return text
    }

    /// The option's number, or `nil` if it was not given.
    func count(_ option: Option) -> Int? { text(option).flatMap { Int($0) } }

    /// The word of a choice, or its default.
    func choice(_ option: Option) -> String {
        if let text = text(option) { return text }
        guard case .choice(let words) = option.value else {
            preconditionFailure("\(option.name) is no choice")
        }
        return words[0]
    }

    // MARK: Parsing

    /// Takes an option and its value, and returns it.
    private mutating func take(
        _ text: String, _ rest: inout ArraySlice<String>, _ command: Command
    ) throws(CommandFailure) -> Option {
        let (name, joined) = Arguments.split(text)
        guard let option = command.option(named: name) else {
            let guess = closestWord(to: name, among: command.options.map(\.name))
            let hint = guess.map { "; did you mean `\($0)`?" } ?? ""
            throw .usage("unknown option `\(name)` of `\(command.name)`\(hint)", command.name)
        }
        if option.value == .nothing {
            guard joined == nil else { throw .usage("`\(name)` takes no value", command.name) }
            values[option] = []
            return option
        }
        guard let value = joined ?? rest.popFirst() else {
            throw .usage("`\(name)` needs a value: `\(option.usage)`", command.name)
        }
        guard option.isRepeatable || values[option] == nil else {
            throw .usage("`\(name)` is given twice", command.name)
        }
        try add(value, to: option, command)
        return option
    }

    private mutating func add(
        _ value: String, to option: Option, _ command: Command
    ) throws(CommandFailure) {
        try Arguments.check(value, of: option, command)
        values[option, default: []].append(value)
        sequence.append(Given(option: option, value: value))
    }

    /// The option's name and the value joined to it: `-r` and `x` of `-rx`, `--loop` and `3` of
    /// `--loop=3`.
    private static func split(_ text: String) -> (name: String, value: String?) {
        if !text.hasPrefix("--") {
            return (String(text.prefix(2)), text.count > 2 ? String(text.dropFirst(2)) : nil)
        }
        guard let equals = text.firstIndex(of: "=") else { return (text, nil) }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    private static func check(
        _ value: String, of option: Option, _ command: Command
    ) throws(CommandFailure) {
        switch option.value {
        case .nothing, .text: break
        case .count(_, let limit):
            guard let number = Int(value), (1...limit).contains(number) else {
                let bounds = limit == .max ? "from 1" : "from 1 to \(limit)"
                throw .usage(
                    "`\(option.name)` needs a whole number \(bounds), not `\(value)`", command.name)
            }
        case .choice(let words):
            guard words.contains(value) else {
                let known = words.map { "`\($0)`" }.joined(separator: ", ")
                throw .usage(
                    "`\(option.name)` knows \(known), not `\(value)`", command.name)
            }
        }
    }

    private func checkCompleteness(for command: Command) throws(CommandFailure) {
        if let missing = command.options.first(where: { $0.isRequired && !has($0) }) {
            throw .usage("`\(command.name)` needs `\(missing.usage)`", command.name)
        }
        if operands.count < command.operands.count {
            let missing = command.operands[operands.count]
            throw .usage("`\(command.name)` needs \(missing)", command.name)
        }
        let takesMore = command.operands.last?.hasSuffix("…") ?? false
        let limit = command.operands.count + command.optionalOperands.count
        if operands.count > limit, !takesMore {
            throw .usage("unexpected `\(operands[limit])`", command.name)
        }
    }
}

extension CommandFailure {
    /// A failure whose hint is the help of `command`.
    static func usage(_ message: String, _ command: String) -> CommandFailure {
        .usage(message, command: command)
    }
}

/// The word that differs from `text` by at most two insertions, deletions or replacements.
func closestWord(to text: String, among words: [String]) -> String? {
    words.map { (word: $0, distance: editDistance(text, $0)) }
        .filter { $0.distance <= 2 && $0.distance < $0.word.count - 1 }
        .min { $0.distance < $1.distance }?.word
}
