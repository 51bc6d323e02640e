import Foundation

/// The command: picks the subcommand.
@main
enum Sluice {
    static let version = "0.1.0"
    static let commands = [
        replayCommand, whatIfCommand, explainCommand, diffCommand, applyCommand, verifyCommand,
        classifyCommand, benchCommand,
    ]

    static func main() {
        ignoreBrokenPipes()
        exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs the command that `arguments` name, and reports its failure.
    static func run(_ arguments: [String]) -> ExitCode {
        do throws(CommandFailure) {
            return try pick(arguments)
        } catch {
            printMessages(error.lines)
            return error.exitCode
        }
    }

    private static func pick(_ arguments: [String]) throws(CommandFailure) -> ExitCode {
        guard let name = arguments.first else { throw .usage("no command", command: nil) }
        switch name {
        case "--help": return try show(help)
        case "--version": return try show("sluice \(version)\n")
        case "--completion": return try show(completion(arguments.dropFirst().first))
        default: break
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            let hint = closestWord(to: name, among: commands.map { $0.name })
                .map { "; did you mean `\($0)`?" }
            let kind = name.hasPrefix("-") ? "option" : "command"
            throw .usage("unknown \(kind) `\(name)`\(hint ?? "")", command: nil)
        }
        let parsed = try Arguments(Array(arguments.dropFirst()), for: command)
        return parsed.asksForHelp ? try show(command.help) : try command.run(parsed)
    }

    private static func show(_ text: String) throws(CommandFailure) -> ExitCode {
        try printOutput { $0.append(text) }
        return .done
    }

    private static func completion(_ shell: String?) throws(CommandFailure) -> String {
        guard let known = shell.flatMap(CompletionShell.init) else {
            let shells = CompletionShell.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("`--completion` knows the shells \(shells)", command: nil)
        }
        return known.script(for: commands)
    }

    private static var help: String {
        let rows = commands.map { "  \($0.name.padded(to: 12))\($0.summary)\n" }.joined()
        return """
            sluice decides packets as the security groups of Alibaba Cloud and AWS would.

            usage: sluice COMMAND [options]

            \(rows)
            `sluice COMMAND --help` explains a command. `sluice --version` prints the version,
            `sluice --completion bash|zsh|fish` a script for the shell.

            """
    }
}
