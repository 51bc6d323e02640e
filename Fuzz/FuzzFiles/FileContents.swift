internal import Glibc

/// The bytes of a file given to a fuzzer's program; `nil` if it cannot be read.
package func contents(of path: String) -> [UInt8]? {
    // SAFETY: the path and the literal live through the call; the stream is checked for null.
    guard let stream = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(stream) }
    var bytes: [UInt8] = []
    while true {
        let byte = unsafe getc(stream)
        guard byte != EOF else { break }
        bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    return unsafe ferror(stream) == 0 ? bytes : nil
}
