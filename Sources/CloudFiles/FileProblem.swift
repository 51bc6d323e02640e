/// One mistake in a file and its place.
package struct FileProblem: Hashable, Sendable {
    /// Counted from 1.
    package var line: Int
    /// In characters, counted from 1.
    package var column: Int
    /// Where in a JSON document; the root for files of other formats.
    package var path: JSONPath
    package var mistake: FileMistake
}

extension FileProblem: CustomStringConvertible {
    /// `line:column: path: message`, as compilers write it behind a file's name.
    package var description: String {
        path.steps.isEmpty
            ? "\(line):\(column): \(mistake)" : "\(line):\(column): \(path): \(mistake)"
    }
}

/// The mistakes of a file, in its order: all are counted, and the first found are kept.
package struct FileProblems: Hashable, Sendable {
    /// How many problems are kept; the others are only counted.
    package static let keptLimit = 1000

    /// The problems that were kept, in the order of the file.
    package var kept: [FileProblem] = []
    /// How many there are in all.
    package var count = 0

    /// A line for each kept problem, with `file:` in front, and one that counts the others.
    package func lines(file: String) -> [String] {
        let others = count - kept.count
        return kept.map { "\(file):\($0)" }
            + (others > 0 ? ["\(file): \(others) more not shown"] : [])
    }
}

/// Problems as they are found, before their lines are known.
struct ProblemLog {
    private var found: [(offset: Int, path: JSONPath, mistake: FileMistake)] = []
    private(set) var count = 0

    /// Whether the place of one more problem is worth finding out.
    var hasRoom: Bool { found.count < FileProblems.keptLimit }

    /// Keeps a problem, or counts it if enough are kept.
    mutating func add(_ mistake: FileMistake, at offset: Int, path: JSONPath) {
        count += 1
        if hasRoom { found.append((offset, path, mistake)) }
    }

    /// Counts a problem whose place nobody will read.
    mutating func addUnseen() { count += 1 }

    /// The problems in the order of the file, with lines and columns.
    ///
    /// - Complexity: O(length of the file).
    func problems(in bytes: [UInt8]) -> FileProblems {
        var place = LineCounter()
        let kept = found.enumerated().sorted {
            ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset)
        }.map { _, problem in
            place.advance(to: problem.offset, in: bytes)
            return FileProblem(
                line: place.line, column: place.column, path: problem.path,
                mistake: problem.mistake)
        }
        return FileProblems(kept: kept, count: count)
    }
}

/// Turns places in a file into lines and columns, from front to back.
struct LineCounter {
    private(set) var line = 1
    private(set) var column = 1
    private var offset = 0

    /// Goes on to `target`, which is not before any earlier one.
    mutating func advance(to target: Int, in bytes: [UInt8]) {
        for byte in bytes[offset..<min(target, bytes.count)] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        offset = max(offset, min(target, bytes.count))
    }
}
