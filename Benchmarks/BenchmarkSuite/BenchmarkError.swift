/// Why a benchmark cannot be run.
package enum BenchmarkError: Error, Hashable, Sendable {
    /// A folder that has no ClassBench files.
    case noRuleSets(folder: String)
    /// A rule file that cannot be read: the whole message.
    case badRules(String)
    /// A program that could not be run or did not succeed.
    case toolFailed(String)
    /// The peer's process ended before it answered.
    case peerStopped
    /// A line of a list of bounds that is not a name and a number.
    case badBound(line: Int, String)
    /// Nothing has a name that the filter takes.
    case nothingSelected(filter: String)
}

extension BenchmarkError: CustomStringConvertible {
    /// The message.
    package var description: String {
        switch self {
        case .noRuleSets(let folder): "no `*.rules` or `*.rules.gz` in `\(folder)`"
        case .badRules(let message): message
        case .toolFailed(let name): "`\(name)` failed"
        case .peerStopped: "the peer stopped before it answered"
        case .badBound(let line, let text): "line \(line) of the bounds: `\(text)` is no bound"
        case .nothingSelected(let filter): "no benchmark has `\(filter)` in its name"
        }
    }
}
