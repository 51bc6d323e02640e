internal import Glibc

/// The program of a build without libFuzzer: runs the files given as arguments, one input each, as
/// libFuzzer's own program does.
///
/// The package manager names an executable's entry `<module>_main`. With `--sanitize fuzzer` it does
/// not, the program begins in libFuzzer, and this is never called.
@_cdecl("DecodeFuzz_main")
public func runFiles(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    let paths = CommandLine.arguments.dropFirst()
    for path in paths {
        guard let input = contents(of: path) else {
            print("cannot read `\(path)`")
            return 2
        }
        // SAFETY: the array's bytes outlive the call.
        _ = unsafe input.withUnsafeBufferPointer { unsafe decodeOneInput($0.baseAddress, $0.count) }
    }
    print("\(paths.count) inputs, no failure")
    return 0
}

/// The bytes of a file; `nil` if it cannot be read.
private func contents(of path: String) -> [UInt8]? {
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
