/// A stretch of a byte source in contiguous memory, moved forward as the reader goes.
///
///     memory   ├── passed ──┼────── ahead ──────┼╌╌╌ room ╌╌╌┤
///              0            position            end          capacity
///
/// It holds as many bytes as it was made for, and more only while one record needs more. Filling it
/// moves what is ahead to the front: offsets into the memory hold until then. One thread at a time.
@safe
final class ByteWindow {
    private let source: any ByteSource
    private let usualCapacity: Int
    // INVARIANT: `capacity` bytes, of which `end` were written; `position <= end <= capacity`.
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var end = 0
    /// Where the reader stands.
    private(set) var position = 0
    /// How many bytes of the source were passed before the memory's first.
    private var bytesBefore = 0
    /// How the source ended, once it has: `.end` or `.failed`.
    private(set) var sourceEnd: SourceRead?

    init(_ source: any ByteSource, capacity: Int) {
        self.source = source
        self.capacity = capacity
        usualCapacity = capacity
        unsafe memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { unsafe memory.deallocate() }

    /// How many bytes are ahead.
    var available: Int { end - position }
    /// Where the reader stands in the source.
    var sourcePosition: Int { bytesBefore + position }

    /// Calls `body` with the memory up to ``end``.
    func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: `end` bytes were written; the window lives through the call, and nothing moves its
        // memory but its own methods, which `body` does not call.
        let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: end)
        return try body(unsafe bytes.bytes)
    }

    /// Goes on to `position` of the memory.
    ///
    /// - Precondition: it is not behind the reader, and not beyond ``end``.
    func pass(to position: Int) {
        precondition(self.position <= position && position <= end)
        self.position = position
    }

    /// Makes sure that `count` bytes are ahead; the result is whether they are.
    ///
    /// The memory grows only when it is full: a length that a damaged file claims costs no more than
    /// the bytes that are really there.
    func require(_ count: Int) -> Bool {
        guard available < count else { return true }
        moveToFront()
        while available < count {
            if end == capacity { grow(to: min(count, capacity * 2)) }
            guard fill() else { return false }
        }
        return true
    }

    /// Passes over `count` bytes without keeping them; the result is whether they were there.
    func skip(_ count: Int) -> Bool {
        var remaining = count
        while remaining > available {
            remaining -= available
            position = end
            moveToFront()
            guard fill() else { return false }
        }
        position += remaining
        return true
    }

    /// The bytes ahead, taken out.
    func takeRest() -> [UInt8] {
        let rest = unsafe [UInt8](
            // SAFETY: `available` bytes were written from `position` on.
            UnsafeRawBufferPointer(start: memory + position, count: available))
        position = end
        return rest
    }

    private func moveToFront() {
        let count = available
        // SAFETY: both stretches lie inside of the memory; the call allows them to overlap.
        unsafe memory.copyMemory(from: memory + position, byteCount: count)
        bytesBefore += position
        position = 0
        end = count
        // A record longer than most has passed: its memory is given back.
        if capacity > usualCapacity, count < usualCapacity / 2 { resize(to: usualCapacity) }
    }

    private func grow(to newCapacity: Int) { resize(to: newCapacity) }

    private func resize(to newCapacity: Int) {
        // SAFETY: `end` bytes were written, and the callers leave room for them in the new memory.
        precondition(end <= newCapacity)
        let newMemory = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 64)
        unsafe newMemory.copyMemory(from: memory, byteCount: end)
        unsafe memory.deallocate()
        unsafe memory = newMemory
        capacity = newCapacity
    }

    /// Reads once; the result is whether bytes came.
    private func fill() -> Bool {
        guard sourceEnd == nil else { return false }
        // SAFETY: the room behind `end` is inside of the memory, and not empty: callers made sure.
        let room = unsafe UnsafeMutableRawBufferPointer(
            start: memory + end, count: capacity - end)
        switch unsafe source.read(into: room) {
        case .bytes(let count):
            precondition(count <= capacity - end)
            end += count
            return true
        case let ending:
            sourceEnd = ending
            return false
        }
    }
}

extension ByteWindow {
    /// The size of the regular file at the bottom; `nil` for a pipe.
    var fileByteCount: Int? { source.byteCount }
    /// How far that file was read.
    var fileByteOffset: Int? { source.byteOffset }
}
