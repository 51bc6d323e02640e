/// The shells for which completion can be written.
enum CompletionShell: String, CaseIterable {
    case bash
    case zsh
    case fish

    /// A script that completes the names of `commands`, their options and the options' choices, and
    /// files everywhere else.
    func script(for commands: [Command]) -> String {
        switch self {
        case .bash: CompletionShell.bashScript(commands)
        case .zsh:
            "autoload -U +X bashcompinit && bashcompinit\n" + CompletionShell.bashScript(commands)
        case .fish: CompletionShell.fishScript(commands)
        }
    }

    private static func bashScript(_ commands: [Command]) -> String {
        let names = commands.map(\.name).joined(separator: " ")
        let cases = commands.map { command in
            let options = command.options.map(\.name).joined(separator: " ")
            return "        \(command.name)) words=\"\(options)\" ;;\n"
        }
        let choices = commands.flatMap { command in
            command.options.compactMap { option -> String? in
                guard case .choice(let words) = option.value else { return nil }
                return "        \(command.name):\(option.name)) "
                    + "words=\"\(words.joined(separator: " "))\" ;;\n"
            }
        }
        return """
            _sluice() {
                local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words=""
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "\(names) --help --version" -- "$current"))
                    return
                fi
                case "${COMP_WORDS[1]}:$before" in
            \(choices.joined())    esac
                if [ -z "$words" ] && [ "${current:0:1}" = "-" ]; then
                    case "${COMP_WORDS[1]}" in
            \(cases.joined())        esac
                fi
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o default -F _sluice sluice

            """
    }

    private static func fishScript(_ commands: [Command]) -> String {
        var lines = commands.map { command in
            "complete -c sluice -n __fish_use_subcommand -f -a \(command.name) "
                + "-d \(command.summary.quotedForFish)"
        }
        for command in commands {
            for option in command.options {
                let name =
                    option.isShort
                    ? "-s \(option.name.dropFirst())" : "-l \(option.name.dropFirst(2))"
                lines.append(
                    "complete -c sluice -n '__fish_seen_subcommand_from \(command.name)' "
                        + "\(name)\(option.fishValue) -d \(option.summary.quotedForFish)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Option {
    /// How fish is told about the value.
    fileprivate var fishValue: String {
        switch value {
        case .nothing: ""
        case .text, .count: " -r"
        case .choice(let words): " -x -a '\(words.joined(separator: " "))'"
        }
    }
}

extension String {
    /// This text as one word of a fish script. Between single quotes only these two need a backslash.
    fileprivate var quotedForFish: String {
        let escaped = replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "'\(escaped)'"
    }
}
