import FuzzFiles

/// The program of a build without libFuzzer: checks the files given as arguments, and prints how many
/// frames each has.
///
/// The package manager names an executable's entry `<module>_main`. With `--sanitize fuzzer` it does
/// not, the program begins in libFuzzer, and this is never called.
@_cdecl("CaptureFuzz_main")
public func checkGivenFiles(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    for path in CommandLine.arguments.dropFirst() {
        guard let bytes = contents(of: path) else {
            print("cannot read `\(path)`")
            return 2
        }
        // SAFETY: the array's bytes outlive the call.
        let frameCount = unsafe bytes.withUnsafeBytes { unsafe check(MemoryFile($0)) }
        print("\(path): \(frameCount.map { "\($0) frames" } ?? "no capture")")
    }
    return 0
}
