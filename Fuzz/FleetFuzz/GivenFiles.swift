import CloudFiles
import CloudModel

/// What runs without libFuzzer: each file given as an argument is read once, and what became of it is
/// printed.
///
/// SwiftPM starts an executable at `<target>_main`; in a build for libFuzzer it leaves `main` to
/// libFuzzer, and this function is never called.
@_cdecl("FleetFuzz_main")
public func readGivenFiles(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    for path in CommandLine.arguments.dropFirst() {
        do throws(FleetFileError) {
            let loaded = try loadFleet(path: path)
            let ruleCount = loaded.fleet.securityGroups.reduce(0) { $0 + $1.rules.count }
            print(
                "\(path): \(loaded.fleet.networkInterfaces.count) interfaces, \(ruleCount) rules")
            loaded.warnings.lines(file: path).forEach { print($0) }
        } catch {
            error.lines.forEach { print($0) }
        }
    }
    return 0
}
