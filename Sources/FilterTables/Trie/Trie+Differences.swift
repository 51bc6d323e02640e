/// The stretches of keys in which two tries of one arena may have different leaves: where the ways down to them lead over
/// different blocks. What tries share is not looked at.
///
/// - Precondition: both tries are alive, so that equal references are the same block.
struct TrieDifferences {
    let old: TrieEntry
    let new: TrieEntry
    private let memory: BlockMemory
    /// Ascending, and apart from each other.
    private(set) var stretches: [ClosedRange<TrieKey>] = []
    /// Whether there were more than are listed.
    private(set) var isTooMany = false

    /// So many stretches are listed.
    private static let capacity = 1024

    /// - Complexity: O(entries of the nodes that are not shared).
    init(_ old: TrieEntry, _ new: TrieEntry, _ memory: BlockMemory) {
        self.old = old
        self.new = new
        self.memory = memory
        compare(old, new, from: TrieKey(high: 0, low: 0), depth: 0)
    }

    /// Compares what two entries say of the keys that have their first `depth` bits with `first` in common.
    private mutating func compare(
        _ old: TrieEntry, _ new: TrieEntry, from first: TrieKey, depth: Int
    ) {
        guard old != new, !isTooMany else { return }
        switch (old.kind, new.kind) {
        case (.narrow, .narrow): compareNodes(old, new, from: first, depth: depth, bitCount: 4)
        case (.wide, .wide): compareNodes(old, new, from: first, depth: depth, bitCount: 8)
        case (.skip, .skip) where areAlike(old.block, new.block):
            compare(
                memory.entry(old.block, SkipLayout.match),
                memory.entry(new.block, SkipLayout.match),
                from: memory.key(ofSkip: new.block),
                depth: Int(memory.word(new.block, SkipLayout.depth)))
        default: add(first...first.last(sharing: depth))
        }
    }

    private mutating func compareNodes(
        _ old: TrieEntry, _ new: TrieEntry, from first: TrieKey, depth: Int, bitCount: Int
    ) {
        for place in 0..<1 << bitCount {
            compare(
                memory.entry(old.block, place), memory.entry(new.block, place),
                from: first.followed(by: place, bitCount: bitCount, at: depth),
                depth: depth + bitCount)
        }
    }

    /// Whether two skips have the same stretch of key and the same leaf beside it.
    private func areAlike(_ skip: BlockRef, _ other: BlockRef) -> Bool {
        memory.key(ofSkip: skip) == memory.key(ofSkip: other)
            && memory.word(skip, SkipLayout.depth) == memory.word(other, SkipLayout.depth)
            && memory.word(skip, SkipLayout.otherwise) == memory.word(other, SkipLayout.otherwise)
    }

    private mutating func add(_ stretch: ClosedRange<TrieKey>) {
        if let last = stretches.last, last.upperBound.successor == stretch.lowerBound {
            stretches[stretches.count - 1] = last.lowerBound...stretch.upperBound
        } else if stretches.count == TrieDifferences.capacity {
            isTooMany = true
        } else {
            stretches.append(stretch)
        }
    }
}

extension ClosedRange<TrieKey> {
    /// The IPv4 addresses whose keys these are.
    var addresses: ClosedRange<UInt32> {
        UInt32(
            truncatingIfNeeded: lowerBound.high >> 32)...UInt32(
                truncatingIfNeeded: upperBound.high >> 32)
    }
}
