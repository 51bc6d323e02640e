/// One subcommand as a table, from which arguments are parsed, help printed and completion written.
struct Command: Sendable {
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// What stands behind the options, such as `PACKET`. A last one that ends in `…` may be repeated.
    let operands: [String]
    /// What may stand behind the operands.
    let optionalOperands: [String]
    let options: [Option]
    /// What the help says behind the options.
    let notes: String
    let run: @Sendable (Arguments) throws(CommandFailure) -> ExitCode

    init(
        _ name: String, _ summary: String, operands: [String] = [],
        optionalOperands: [String] = [], options: [Option], notes: String,
        run: @escaping @Sendable (Arguments) throws(CommandFailure) -> ExitCode
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        self.optionalOperands = optionalOperands
        self.options = options + [.help]
        self.notes = notes
        self.run = run
    }

    var takesNoOperands: Bool { operands.isEmpty && optionalOperands.isEmpty }

    /// The option with this name.
    func option(named name: String) -> Option? { options.first { $0.name == name } }

    /// The first line of the help.
    var usage: String {
        let parts = options.filter { $0 != .help }.map { option in
            let usage = option.usage + (option.isRepeatable ? "…" : "")
            return option.isRequired ? usage : "[\(usage)]"
        }
        let optional = optionalOperands.map { "[\($0)]" }
        return (["sluice", name] + parts + operands + optional).joined(separator: " ")
    }

    /// The text of `--help`.
    var help: String {
        let width = (options.map(\.usage.count).max() ?? 0) + 2
        let rows = options.map { "  \($0.usage.padded(to: width))\($0.summary)\n" }.joined()
        return "\(summary)\n\nusage: \(usage)\n\n\(rows)\n\(notes)\n"
    }
}

/// How the process ends. Source: FORMATS section 5.
enum ExitCode: Int32, Sendable {
    case done = 0
    /// It ran, and the answer is "no".
    case answerIsNo = 1
    /// Wrong usage, input that cannot be read, or output that cannot be written.
    case failed = 2
    /// It ran, but the input was incomplete.
    case incompleteInput = 3
}

/// Why a command did not do its work.
enum CommandFailure: Error, Hashable {
    /// Wrong arguments: a message, and the command whose help shows the right ones.
    case usage(String, command: String?)
    /// Input that cannot be used: one message.
    case input(String)
    /// Malformed files: complete lines, each with its place.
    case malformed([String])
    case output(OutputError)

    /// What to print on standard error; nothing when the reader of the output went away.
    var lines: [String] {
        switch self {
        case .usage(let message, let command):
            let help = (["sluice"] + [command].compactMap(\.self) + ["--help"])
            return ["sluice: \(message); see `\(help.joined(separator: " "))`"]
        case .input(let message): return ["sluice: \(message)"]
        case .malformed(let lines): return lines
        case .output(.closed): return []
        case .output(.failed(let file, let cause)):
            return ["sluice: cannot write \(file): \(cause)"]
        }
    }

    var exitCode: ExitCode { self == .output(.closed) ? .done : .failed }
}

extension String {
    /// This text with blanks behind it up to `width` characters.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// This text with blanks before it up to `width` characters.
    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
