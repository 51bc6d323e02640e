internal import CPrefetch

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A block of an arena: the number of its first 64-byte line. Line 0 is no block.
struct BlockRef: Hashable, Sendable {
    let line: UInt32

    init(line: UInt32) { self.line = line }

    static let none = BlockRef(line: 0)
    var isNone: Bool { line == 0 }
}

/// The memory of an arena: address space reserved once, of which the system backs only the pages in
/// use, so that blocks never move and a reference is a plain number.
///
/// Reads and writes are as unchecked as a C array's; what makes them safe is that references come from
/// ``BlockArena/allocate(_:lineCount:)`` alone and that a block's owner keeps it alive.
@safe struct BlockMemory: @unchecked Sendable {
    /// Bytes in a line: a cache line.
    static let lineByteCount = 64
    /// Lines that 28 bits can number: 16 GiB.
    private static let maximumLineCount = 1 << 28
    /// Behind each line's 64 bytes: its block's count of references (4) and tag (2), in regions of
    /// their own.
    static let reservedBytesPerLine = lineByteCount + 4 + 2

    private let base: UnsafeMutableRawPointer
    private let counts: UnsafeMutablePointer<UInt32>
    private let tags: UnsafeMutablePointer<UInt16>
    let lineLimit: Int

    /// Reserves address space, less where the process may have less.
    ///
    /// - Precondition: the process may have at least 64 MiB of address space.
    init() {
        var lineCount = BlockMemory.maximumLineCount
        var mapped = unsafe BlockMemory.reserve(lineCount)
        while unsafe mapped == nil, lineCount > 1 << 20 {
            lineCount /= 2
            unsafe mapped = BlockMemory.reserve(lineCount)
        }
        guard let start = unsafe mapped else {
            preconditionFailure("no address space left for tables")
        }
        // SAFETY: the regions lie one behind the other in the bytes just reserved; lineCount is a power
        // of two above 4, so each begins aligned for its type.
        unsafe base = start
        unsafe counts = (start + lineCount * BlockMemory.lineByteCount)
            .bindMemory(to: UInt32.self, capacity: lineCount)
        unsafe tags = (start + lineCount * (BlockMemory.lineByteCount + 4))
            .bindMemory(to: UInt16.self, capacity: lineCount)
        lineLimit = lineCount
    }

    private static func reserve(_ lineCount: Int) -> UnsafeMutableRawPointer? {
        // SAFETY: a fresh anonymous mapping touches no memory that exists.
        let mapped = unsafe mmap(
            nil, lineCount * reservedBytesPerLine, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        return unsafe mapped == MAP_FAILED ? nil : mapped
    }

    /// Gives the address space back. No block may be used after it.
    func unmap() {
        // SAFETY: `base` is what `reserve` mapped, with this length.
        unsafe munmap(base, lineLimit * BlockMemory.reservedBytesPerLine)
    }

    /// Asks for the first line of a block, which may be none, for a stage that comes later.
    @inline(__always)
    func touch(_ block: BlockRef) {
        // SAFETY: nothing is read.
        unsafe sluice_prefetch(base + Int(block.line) &<< 6)
    }

    /// The 32-bit word at place `index` of a block.
    @inline(__always)
    func word(_ block: BlockRef, _ index: Int) -> UInt32 {
        // SAFETY: see the type; places of words lie inside the lines that the block was allocated with.
        unsafe base.load(
            fromByteOffset: Int(block.line) &<< 6 &+ index &<< 2, as: UInt32.self)
    }

    /// The 64-bit word at place `index` of a block.
    @inline(__always)
    func word64(_ block: BlockRef, _ index: Int) -> UInt64 {
        // SAFETY: as for `word`.
        unsafe base.load(
            fromByteOffset: Int(block.line) &<< 6 &+ index &<< 3, as: UInt64.self)
    }

    @inline(__always)
    func setWord(_ block: BlockRef, _ index: Int, _ value: UInt32) {
        // SAFETY: as for `word`; only the block's owner writes, before it shares the block.
        unsafe base.storeBytes(
            of: value, toByteOffset: Int(block.line) &<< 6 &+ index &<< 2, as: UInt32.self)
    }

    @inline(__always)
    func setWord64(_ block: BlockRef, _ index: Int, _ value: UInt64) {
        // SAFETY: as for `setWord`.
        unsafe base.storeBytes(
            of: value, toByteOffset: Int(block.line) &<< 6 &+ index &<< 3, as: UInt64.self)
    }

    /// Copies `wordCount` 32-bit words from place `from` of one block to place `to` of another, or of
    /// the same: the stretches may overlap.
    func copyWords(
        _ wordCount: Int, of source: BlockRef, from: Int = 0, to target: BlockRef, at to: Int = 0
    ) {
        // SAFETY: as for `word` and `setWord`; memmove allows overlap.
        unsafe memmove(
            base + (Int(target.line) << 6 + to << 2), base + (Int(source.line) << 6 + from << 2),
            wordCount << 2)
    }

    /// Sets `wordCount` words from place `from` on to `value`.
    func fillWords(_ block: BlockRef, from: Int = 0, count wordCount: Int, with value: UInt32 = 0) {
        for index in from..<from + wordCount { setWord(block, index, value) }
    }

    /// How many references keep a block; kept by ``BlockArena``.
    @inline(__always)
    func referenceCount(_ block: BlockRef) -> UInt32 {
        // SAFETY: there is a count for every line.
        unsafe counts[Int(block.line)]
    }

    @inline(__always)
    func setReferenceCount(_ block: BlockRef, _ count: UInt32) {
        // SAFETY: there is a count for every line.
        unsafe counts[Int(block.line)] = count
    }

    /// What ``BlockArena`` keeps about a block: its kind and size.
    func tag(_ block: BlockRef) -> UInt16 {
        // SAFETY: there is a tag for every line.
        unsafe tags[Int(block.line)]
    }

    func setTag(_ block: BlockRef, _ tag: UInt16) {
        // SAFETY: there is a tag for every line.
        unsafe tags[Int(block.line)] = tag
    }
}
