import Testing

@testable import sluice

private let file = Option("-f", .text("FILE"), isRequired: true, summary: "a file")
private let also = Option("-r", .text("FILE"), isRepeatable: true, summary: "another file")
private let loop = Option("--loop", .count("N"), summary: "a number")
private let fast = Option("--fast", summary: "a flag")
private let format = Option.format("text", "json")

private let sample = Command(
    "sample", "a command", operands: ["PACKET"], options: [file, also, loop, fast, format],
    notes: "Notes."
) { _ in .done }

@Suite("Arguments")
struct ArgumentsTests {
    @Test(
        "reads options in every form",
        arguments: [
            ["-f", "a", "p", "--loop", "3", "-o", "json", "--fast"],
            ["-fa", "p", "--loop=3", "-ojson", "--fast"],
            ["--fast", "--loop=3", "-ojson", "-f", "a", "--", "p"],
        ])
    func forms(texts: [String]) throws {
        let arguments = try Arguments(texts, for: sample)
        #expect(arguments.required(file) == "a")
        #expect(arguments.count(loop) == 3)
        #expect(arguments.choice(format) == "json")
        #expect(arguments.has(fast))
        #expect(arguments.operands == ["p"])
    }

    @Test("keeps repeated values in order, and has defaults")
    func defaults() throws {
        let arguments = try Arguments(["-f", "a", "-r", "-", "-r", "b", "p"], for: sample)
        #expect(arguments.texts(also) == ["-", "b"])
        #expect(arguments.choice(format) == "text")
        #expect(arguments.count(loop) == nil)
        #expect(!arguments.has(fast))
    }

    @Test("of a command without operands, take what follows a repeatable option for more values")
    func lists() throws {
        let listing = Command("list", "a command", options: [also, fast], notes: "") { _ in .done }
        let arguments = try Arguments(["-r", "a", "b", "-", "--fast", "-rc", "d"], for: listing)
        #expect(arguments.texts(also) == ["a", "b", "-", "c", "d"])
        #expect(throws: CommandFailure.usage("unexpected `b`", "list")) {
            try Arguments(["-r", "a", "--fast", "b"], for: listing)
        }
        let sampled = try Arguments(["-f", "a", "-r", "b", "p"], for: sample)
        #expect(sampled.texts(also) == ["b"])
        #expect(sampled.operands == ["p"])
    }

    @Test("behind -- everything is an operand")
    func operands() throws {
        #expect(try Arguments(["-f", "a", "--", "--fast"], for: sample).operands == ["--fast"])
    }

    @Test("--help excuses what is missing")
    func help() throws {
        #expect(try Arguments(["--help"], for: sample).asksForHelp)
    }

    @Test(
        "names what is wrong",
        arguments: [
            (["p"], "`sample` needs `-f FILE`"),
            (["-f", "a"], "`sample` needs PACKET"),
            (["-f", "a", "p", "q"], "unexpected `q`"),
            (["-f"], "`-f` needs a value: `-f FILE`"),
            (["-f", "a", "-f", "b", "p"], "`-f` is given twice"),
            (["--loop", "0"], "`--loop` needs a whole number from 1, not `0`"),
            (["--loop=x"], "`--loop` needs a whole number from 1, not `x`"),
            (["-o", "xml"], "`-o` knows `text`, `json`, not `xml`"),
            (["--fast=1"], "`--fast` takes no value"),
            (["--fats"], "unknown option `--fats` of `sample`; did you mean `--fast`?"),
            (["--threads", "2"], "unknown option `--threads` of `sample`"),
            (["-x"], "unknown option `-x` of `sample`"),
        ])
    func mistakes(texts: [String], message: String) {
        #expect(throws: CommandFailure.usage(message, command: "sample")) {
            try Arguments(texts, for: sample)
        }
    }

    @Test("the help shows the usage and every option")
    func helpText() {
        #expect(
            sample.help == """
                a command

                usage: sluice sample -f FILE [-r FILE…] [--loop N] [--fast] [-o text|json] PACKET

                  -f FILE       a file
                  -r FILE       another file
                  --loop N      a number
                  --fast        a flag
                  -o text|json  the output's format; text unless given
                  --help        print this help

                Notes.

                """)
    }

    @Test("completion knows every command, option and choice", arguments: CompletionShell.allCases)
    func completion(shell: CompletionShell) {
        let script = shell.script(for: Sluice.commands)
        for command in Sluice.commands {
            #expect(script.contains(command.name))
            for option in command.options where !option.isShort {
                #expect(script.contains(option.name.dropFirst(2)))
            }
        }
        #expect(script.contains("text json ndjson csv"))
    }

    @Test("a quote in a summary does not end a word of fish's script")
    func fishQuotes() {
        let script = CompletionShell.fish.script(for: Sluice.commands)
        #expect(script.contains(#"-d 'the output\'s format; text unless given'"#))
        for line in script.split(separator: "\n") {
            #expect(line.replacing(#"\'"#, with: "").count(where: { $0 == "'" }) % 2 == 0)
        }
    }

    @Test("no two commands or options of one command share a name")
    func names() {
        #expect(Set(Sluice.commands.map(\.name)).count == Sluice.commands.count)
        for command in Sluice.commands {
            #expect(Set(command.options.map(\.name)).count == command.options.count)
        }
    }
}
