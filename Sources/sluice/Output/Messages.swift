import Foundation

/// Prints lines on standard error, where talk goes.
func printMessages(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let text = lines.joined(separator: "\n") + "\n"
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
