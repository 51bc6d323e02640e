/// The compressed side of a stream: what was read of the file and not yet decompressed.
@safe
final class CompressedInput {
    let source: any ByteSource
    private static let capacity = 65_536
    // INVARIANT: `capacity` bytes or those of the beginning, whichever are more; `next <= end`.
    private let memory: UnsafeMutableRawBufferPointer
    private var next = 0
    private var end: Int

    /// `beginning` was read from `source` before.
    init(_ source: any ByteSource, beginning: [UInt8]) {
        self.source = source
        unsafe memory = .allocate(
            byteCount: max(beginning.count, CompressedInput.capacity), alignment: 16)
        unsafe memory.copyBytes(from: beginning)
        end = beginning.count
    }

    deinit { unsafe memory.deallocate() }

    var isEmpty: Bool { next == end }

    /// Reads once.
    ///
    /// - Precondition: ``isEmpty``.
    func fill() -> SourceRead {
        precondition(isEmpty)
        (next, end) = (0, 0)
        let result = unsafe source.read(into: memory)
        if case .bytes(let count) = result { end = count }
        return result
    }

    /// Calls `body` with the bytes that are there; it returns how many of them it has used.
    func withBytes(_ body: (UnsafeRawBufferPointer) -> Int) {
        // SAFETY: `end` bytes were written, and `body` does not fill the memory anew.
        let used = unsafe body(UnsafeRawBufferPointer(rebasing: memory[next..<end]))
        precondition(used <= end - next)
        next += used
    }

    /// Passes bytes that are zero.
    func skipZeros() {
        // SAFETY: `next` is less than `end`, up to which bytes were written.
        while next < end, unsafe memory[next] == 0 { next += 1 }
    }
}
