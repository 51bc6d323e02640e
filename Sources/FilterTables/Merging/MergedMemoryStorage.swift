internal import CPrefetch

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Where a decider keeps what it derives from the tables: a stretch of address space, reserved once, of which
/// the system backs what was used. Places in it are byte offsets.
///
/// Reads and writes are as unchecked as a C array's; what makes them safe is that places come from
/// ``MergedRoom`` and that what is read behind one was asked for with it. One for each thread that
/// decides.
@safe struct MergedMemory {
    /// Room for merged tables. One of 1,000 steps takes some hundred KiB of it.
    static let tableByteCount = 256 << 20
    /// At most so many packets are decided in one go.
    static let laneCount = 512
    /// From place 0 on, for each of them the classes of its peer and of its local address: two words.
    static let laneByteCount = max(
        8 * laneCount, WideTable.scratchByteCount + RangeMap.unfilledByteCount)

    private static let pageByteCount = 2 << 20

    private let reserved: UnsafeMutableRawPointer
    private let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Reserves `byteCount` bytes of address space, in large pages where the system has them: look-ups go
    /// everywhere in some hundred KiB.
    init(byteCount: Int) {
        // SAFETY: a fresh anonymous mapping touches no memory that exists.
        let mapped = unsafe mmap(
            nil, byteCount + MergedMemory.pageByteCount, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard unsafe mapped != MAP_FAILED, let start = unsafe mapped else {
            preconditionFailure("no address space left for merged tables")
        }
        unsafe reserved = start
        // SAFETY: rounded up, it lies less than the page more that was reserved behind the start.
        unsafe base = start.alignedUp(toMultipleOf: MergedMemory.pageByteCount)
        self.byteCount = byteCount
        #if os(Linux)
            // SAFETY: the advised bytes are those just mapped. It may be refused: only speed depends on it.
            _ = unsafe madvise(base, byteCount, MADV_HUGEPAGE)
        #endif
    }

    /// Gives the address space back. No place may be used after it.
    func unmap() {
        // SAFETY: `reserved` is what `init` mapped, with this length.
        unsafe munmap(reserved, byteCount + MergedMemory.pageByteCount)
    }

    /// Where place 0 is.
    var start: UnsafeMutableRawPointer { unsafe base }

    // MARK: Words

    @inline(__always)
    func word(at place: Int) -> UInt32 {
        // SAFETY: see the type.
        unsafe base.load(fromByteOffset: place, as: UInt32.self)
    }

    @inline(__always)
    func setWord(at place: Int, _ value: UInt32) {
        // SAFETY: see the type.
        unsafe base.storeBytes(of: value, toByteOffset: place, as: UInt32.self)
    }

    @inline(__always)
    func half(at place: Int) -> UInt16 {
        // SAFETY: see the type.
        unsafe base.load(fromByteOffset: place, as: UInt16.self)
    }

    @inline(__always)
    func setHalf(at place: Int, _ value: UInt16) {
        // SAFETY: see the type.
        unsafe base.storeBytes(of: value, toByteOffset: place, as: UInt16.self)
    }

    @inline(__always)
    func byte(at place: Int) -> UInt8 {
        // SAFETY: see the type.
        unsafe base.load(fromByteOffset: place, as: UInt8.self)
    }

    @inline(__always)
    func setByte(at place: Int, _ value: UInt8) {
        // SAFETY: see the type.
        unsafe base.storeBytes(of: value, toByteOffset: place, as: UInt8.self)
    }

    /// Asks for the line of a place, for a stage that comes later.
    @inline(__always)
    func touch(_ place: Int) {
        // SAFETY: nothing is read, wherever the place is.
        unsafe sluice_prefetch(base + place)
    }

    @inline(__always)
    func word64(at place: Int) -> UInt64 {
        // SAFETY: see the type.
        unsafe base.load(fromByteOffset: place, as: UInt64.self)
    }

    @inline(__always)
    func setWord64(at place: Int, _ value: UInt64) {
        // SAFETY: see the type.
        unsafe base.storeBytes(of: value, toByteOffset: place, as: UInt64.self)
    }

    @inline(__always)
    func outcome(at place: Int) -> Outcome {
        // SAFETY: see the type; outcomes are trivial and were stored by `setOutcome(at:_:)`.
        unsafe base.load(fromByteOffset: place, as: Outcome.self)
    }

    func setOutcome(at place: Int, _ outcome: Outcome) {
        // SAFETY: see the type.
        unsafe base.storeBytes(of: outcome, toByteOffset: place, as: Outcome.self)
    }

    /// Clears `byteCount` bytes, a multiple of 8.
    func clear(byteCount: Int, at place: Int) {
        for offset in stride(from: 0, to: byteCount, by: 8) { setWord64(at: place + offset, 0) }
    }

    /// Copies `byteCount` bytes, a multiple of 8, from one place to another.
    func copy(byteCount: Int, from source: Int, to target: Int) {
        for offset in stride(from: 0, to: byteCount, by: 8) {
            setWord64(at: target + offset, word64(at: source + offset))
        }
    }
}
