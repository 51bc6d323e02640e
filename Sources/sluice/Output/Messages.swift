import Foundation

/// Prints lines on standard error, where talk goes: one each, whatever the input that they quote holds.
func printMessages(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let text = lines.map { $0.printable + "\n" }.joined()
    // Nobody is left to tell when standard error cannot be written.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
}

/// Writes a text to standard output, complete.
///
/// - Throws: ``CommandFailure/output(_:)``.
func printOutput(_ body: (OutputStorage) -> Void) throws(CommandFailure) {
    let output = OutputStorage.standardOutput()
    body(output)
    try finish(output)
}

/// Writes what is left in `output`.
///
/// - Throws: ``CommandFailure/output(_:)``.
func finish(_ output: OutputStorage) throws(CommandFailure) {
    do throws(OutputError) {
        try output.finish()
    } catch {
        throw .output(error)
    }
}

extension String {
    /// This text with escapes for what ends lines, steers terminals or turns the direction of writing.
    var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.map { $0.isControl ? $0.escaped(asASCII: true) : String($0) }
            .joined()
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
