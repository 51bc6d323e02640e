/// Up to 64 look-ups that go down their tries together, so that their loads overlap and no branch
/// depends on what is found.
///
/// Fill `entries` with the tries, and `highs` and `lows` with the keys; then
/// ``BlockMemory/descend(_:count:)`` puts the leaves into `entries`. Size: 1.9 KiB.
struct TrieLanes {
    static let count = 64

    var entries = InlineArray<64, UInt32>(repeating: 0)
    var highs = InlineArray<64, UInt64>(repeating: 0)
    var lows = InlineArray<64, UInt64>(repeating: 0)

    /// What of each key lies behind the bits that its nodes have looked at; of long keys, how many bits
    /// these are.
    fileprivate var rests = InlineArray<64, UInt64>(repeating: 0)
    /// The lanes at a narrow or wide node, and those at a skip.
    fileprivate var nodes = LaneQueue()
    fileprivate var skips = LaneQueue()

    init() {}

    /// Queues a lane for what its entry is; a lane at a leaf is done.
    @inline(__always)
    fileprivate mutating func queue(_ lane: Int) {
        let kind = entries[lane] &>> 30
        // Kinds 1 and 2 are nodes, 3 skips: the sum of a kind's bits tells them apart.
        skips.append(lane, if: Int(truncatingIfNeeded: kind & kind &>> 1))
        nodes.append(lane, if: Int(truncatingIfNeeded: (kind ^ kind &>> 1) & 1))
    }
}

/// Numbers of lanes, at most one of each.
private struct LaneQueue {
    private var lanes = InlineArray<64, UInt8>(repeating: 0)
    private(set) var count = 0

    /// Appends `lane` if `condition` is 1, not if it is 0: without a branch.
    @inline(__always)
    mutating func append(_ lane: Int, if condition: Int) {
        // A queue that is full holds every lane, so no lane is left to append.
        lanes[count & 63] = UInt8(truncatingIfNeeded: lane)
        count &+= condition
    }

    @inline(__always)
    subscript(place: Int) -> Int { Int(lanes[place & 63]) & 63 }

    /// Starts over: what is appended takes the places of what was read before.
    @inline(__always)
    mutating func restart() -> Int {
        defer { count = 0 }
        return count
    }
}

extension BlockMemory {
    /// Takes the first `count` lanes, with keys of at most 64 bits (IPv4 addresses, ports), to their
    /// leaves. `lows` need not be filled.
    ///
    /// - Complexity: as ``leaf(of:high:)`` for each lane.
    func descend(_ lanes: inout TrieLanes, count: Int) {
        precondition(count <= TrieLanes.count, "there are 64 lanes")
        for lane in 0..<count {
            lanes.rests[lane] = lanes.highs[lane]
            lanes.queue(lane)
        }
        while lanes.nodes.count | lanes.skips.count != 0 {
            for place in 0..<lanes.skips.restart() { leaveSkip(&lanes, lanes.skips[place]) }
            for place in 0..<lanes.nodes.restart() { leaveNode(&lanes, lanes.nodes[place]) }
        }
    }

    @inline(__always)
    private func leaveSkip(_ lanes: inout TrieLanes, _ lane: Int) {
        let skip = BlockRef(line: lanes.entries[lane] & TrieEntry.lineMask)
        let high = lanes.highs[lane]
        let difference =
            (high ^ word64(skip, SkipLayout.keyHigh)) & word64(skip, SkipLayout.maskHigh)
        // `otherwise` stands behind `match`.
        lanes.entries[lane] = word(skip, SkipLayout.match &+ (difference == 0 ? 0 : 1))
        lanes.rests[lane] = high &<< UInt64(word(skip, SkipLayout.depth))
        lanes.queue(lane)
    }

    @inline(__always)
    private func leaveNode(_ lanes: inout TrieLanes, _ lane: Int) {
        let entry = lanes.entries[lane]
        let rest = lanes.rests[lane]
        let bitCount = UInt64(entry &>> 30) &<< 2
        let place = Int(truncatingIfNeeded: rest &>> (64 &- bitCount))
        lanes.entries[lane] = word(BlockRef(line: entry & TrieEntry.lineMask), place)
        lanes.rests[lane] = rest &<< bitCount
        lanes.queue(lane)
    }

    // MARK: Long keys

    /// As ``descend(_:count:)``, for keys of up to 128 bits.
    func descendLong(_ lanes: inout TrieLanes, count: Int) {
        precondition(count <= TrieLanes.count, "there are 64 lanes")
        for lane in 0..<count {
            lanes.rests[lane] = 0
            lanes.queue(lane)
        }
        while lanes.nodes.count | lanes.skips.count != 0 {
            for place in 0..<lanes.skips.restart() { leaveLongSkip(&lanes, lanes.skips[place]) }
            for place in 0..<lanes.nodes.restart() { leaveLongNode(&lanes, lanes.nodes[place]) }
        }
    }

    @inline(__always)
    private func leaveLongSkip(_ lanes: inout TrieLanes, _ lane: Int) {
        let skip = BlockRef(line: lanes.entries[lane] & TrieEntry.lineMask)
        let isMatch = skipHolds(skip, high: lanes.highs[lane], low: lanes.lows[lane])
        lanes.entries[lane] = word(skip, SkipLayout.match &+ (isMatch ? 0 : 1))
        lanes.rests[lane] = UInt64(word(skip, SkipLayout.depth))
        lanes.queue(lane)
    }

    @inline(__always)
    private func leaveLongNode(_ lanes: inout TrieLanes, _ lane: Int) {
        let entry = lanes.entries[lane]
        let depth = lanes.rests[lane]
        let rest = (depth < 64 ? lanes.highs[lane] : lanes.lows[lane]) &<< (depth & 63)
        let bitCount = UInt64(entry &>> 30) &<< 2
        let place = Int(truncatingIfNeeded: rest &>> (64 &- bitCount))
        lanes.entries[lane] = word(BlockRef(line: entry & TrieEntry.lineMask), place)
        lanes.rests[lane] = depth &+ bitCount
        lanes.queue(lane)
    }
}
