import FuzzFiles

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
