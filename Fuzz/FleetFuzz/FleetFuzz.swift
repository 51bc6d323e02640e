import CloudFiles
import CloudModel

/// Reads a fleet from any bytes: it must give a fleet or say what is wrong, and never trap. A fleet
/// that was read is written and read again, and must be the same.
///
/// `swift build --sanitize fuzzer -c release --product FleetFuzz` makes it libFuzzer's:
///
///     .build/release/FleetFuzz -max_len=4096 work Fuzz/Corpus/fleet
@_cdecl("LLVMFuzzerTestOneInput")
public func tryFleet(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer passes `count` readable bytes at `start`.
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(FleetFileError) {
        let loaded = try loadFleet(bytes, file: "input")
        precondition(loaded.warnings.kept.count <= loaded.warnings.count)
        var writer = JSONWriter()
        writer.write(loaded.fleet)
        let again = try loadFleet(writer.bytes, file: "output")
        precondition(again.fleet == loaded.fleet, "the written fleet is another")
    } catch {
        // The messages are made too: paths and excerpts hold whatever the input held.
        precondition(!error.lines.isEmpty)
    }
    return 0
}
