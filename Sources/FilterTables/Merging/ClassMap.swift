/// The numbers of the classes of IPv4 addresses on one side of a merged table, where a look-up takes one load, or
/// two or three: by the first 16 bits of an address, and where longer prefixes lie below, by its third and its
/// fourth octet.
///
///     10.1.2.9 ─▶ half 10.1 ─▶ class                      65,536 halves, then nodes of 256:
///              or node ─▶ half 2 ─▶ class                 15
///                      or node ─▶ half 9 ─▶ class         ┌──┬──────────────────────────┐
///                                                         │ 1│ the number of a class    │
///                                                         │ 0│ the number of a node     │
///                                                         └──┴──────────────────────────┘
///
/// What is not looked up yet leads to node 0, whose halves all lead to itself, and each class has a half that leads
/// to it: after three steps one is at the class, or where it is to be entered. The halves of the classes lie in the
/// place of nodes 128 to 255.
///
/// A trie is compact and changes in place; this is neither. It is filled when addresses are looked for, and forgets
/// those around which the trie changes.
struct ClassMap {
    /// Where the halves for the first 16 bits begin; the nodes lie behind them.
    private(set) var root: Int
    private var capacity = 512
    /// With node 0.
    private var nodeCount = 1
    /// The number of the class of all addresses, when they have one, as on the local side of most groups' rules.
    var onlyNumber: UInt32?

    static let rootByteCount = 2 << 16
    static let nodeByteCount = 2 << 8
    private static let maximumNodeCount = 1 << 14
    static let isClass: UInt16 = 1 << 15
    static let classPlace = rootByteCount + 1 << 16
    private static let classNodes = 128..<256

    /// An empty map; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        let byteCount = ClassMap.byteCount(ofNodes: capacity)
        guard let root = room.allocateUncleared(byteCount: byteCount) else { return nil }
        self.root = root
        removeAll(in: pool)
    }

    static func byteCount(ofNodes count: Int) -> Int {
        rootByteCount + nodeByteCount * count
    }

    /// Forgets all classes.
    mutating func removeAll(in pool: MergedMemory) {
        nodeCount = 1
        onlyNumber = nil
        pool.clear(byteCount: ClassMap.byteCount(ofNodes: 1), at: root)
    }

    /// The place that a look-up reads first.
    @inline(__always)
    func place(of address: UInt32) -> Int { root &+ Int(address &>> 16) &<< 1 }

    /// The number of an address's class, or one above all numbers if it is not known.
    @inline(__always)
    func number(of address: UInt32, _ pool: MergedMemory) -> UInt32 {
        let nodes = root &+ ClassMap.rootByteCount
        let first = pool.half(at: place(of: address))
        let second = pool.half(at: nodes &+ ClassMap.place(in: first, octet: address &>> 7))
        let third = pool.half(at: nodes &+ ClassMap.place(in: second, octet: address &<< 1))
        // A class's first bit is set, and is none then.
        return UInt32(third ^ ClassMap.isClass)
    }

    /// The place of a node's half for the octet in the bits 8 to 1 of `octet`, or of the one that leads to a class
    /// from that class, `node << 9 | octet` or `1 << 16 | class << 1`: shifts, because compilers make a
    /// branch of every choice here, and addresses take either way.
    @inline(__always)
    private static func place(in half: UInt16, octet: UInt32) -> Int {
        let place = (UInt32(half) &<< 9 | octet & 0x1FE) &>> UInt32(half &>> 12 & 8)
        return Int(place & ~1)
    }

    /// Whether a number is that of a class.
    @inline(__always)
    static func isKnown(_ number: UInt32) -> Bool { number < UInt32(isClass) }

    /// Enters the number of the class of some addresses; whether there was room.
    mutating func enter(
        _ number: UInt32, for addresses: ClosedRange<UInt32>, _ room: inout MergedRoom,
        in pool: MergedMemory
    ) -> Bool {
        guard ClassMap.isKnown(number) else { return false }
        let half = UInt16(number) | ClassMap.isClass
        pool.setHalf(at: root + ClassMap.classPlace + 2 * Int(number), half)
        var first = Int(addresses.lowerBound)
        let end = Int(addresses.upperBound) + 1
        while first < end {
            // The widest that begins here and is whole.
            var bitCount = 16
            while first & (1 << bitCount - 1) != 0 || end - first < 1 << bitCount { bitCount -= 8 }
            guard let place = place(of: first, below: bitCount, &room, in: pool) else {
                return false
            }
            // Those of the root, or of a node, lie one behind the other.
            let wanted = (end - first) >> bitCount
            let count = bitCount == 16 ? wanted : min(wanted, 256 - (first >> bitCount) & 0xFF)
            for index in 0..<count { pool.setHalf(at: root + place + 2 * index, half) }
            first += count << bitCount
        }
        return true
    }

    /// Enters the number of the class of all addresses, whatever the trie has; whether there was room.
    mutating func enterEverywhere(
        _ number: UInt32, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        guard enter(number, for: .min ... .max, &room, in: pool) else { return false }
        onlyNumber = number
        return true
    }

    /// Forgets the classes of some addresses, and of those that share a half with them.
    func forget(_ addresses: ClosedRange<UInt32>, in pool: MergedMemory) {
        guard onlyNumber == nil else { return }
        var first = Int(addresses.lowerBound)
        let end = Int(addresses.upperBound) + 1
        while first < end {
            var place = (first >> 16) << 1
            var bitCount = 16
            while bitCount > 0 {
                let half = pool.half(at: root + place)
                let isWhole = first & (1 << bitCount - 1) == 0 && end - first >= 1 << bitCount
                if isWhole || half == 0 || half & ClassMap.isClass != 0 { break }
                bitCount -= 8
                place =
                    ClassMap.rootByteCount + Int(half) * ClassMap.nodeByteCount
                    + ((first >> bitCount) & 0xFF) << 1
            }
            pool.setHalf(at: root + place, 0)
            first = (first >> bitCount + 1) << bitCount
        }
    }

    /// The place of the half for all addresses that have all but the last `bitCount` bits, 0, 8 or 16, of one, seen from
    /// the root; `nil` when there is too little room.
    private mutating func place(
        of address: Int, below bitCount: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Int? {
        var place = (address >> 16) << 1
        for shift in stride(from: 8, through: bitCount, by: -8) {
            let half = pool.half(at: root + place)
            if half == 0 || half & ClassMap.isClass != 0 {
                guard let node = newNode(&room, in: pool) else { return nil }
                pool.setHalf(at: root + place, node)
            }
            let octet = (address >> shift) & 0xFF
            place =
                ClassMap.rootByteCount
                + Int(pool.half(at: root + place)) * ClassMap.nodeByteCount + octet << 1
        }
        return place
    }

    mutating func newNode(_ room: inout MergedRoom, in pool: MergedMemory) -> UInt16? {
        if nodeCount == capacity {
            let byteCount = ClassMap.byteCount(ofNodes: capacity)
            guard capacity < ClassMap.maximumNodeCount,
                let grown = room.allocateUncleared(
                    byteCount: ClassMap.byteCount(ofNodes: 2 * capacity))
            else { return nil }
            pool.copy(byteCount: byteCount, from: root, to: grown)
            root = grown
            capacity *= 2
        }
        if nodeCount == ClassMap.classNodes.lowerBound {
            nodeCount = ClassMap.classNodes.upperBound
        }
        let node = nodeCount
        nodeCount += 1
        pool.clear(
            byteCount: ClassMap.nodeByteCount,
            at: root + ClassMap.byteCount(ofNodes: node))
        return UInt16(node)
    }
}

extension BlockMemory {
    /// Whether all keys that begin with the first `depth` bits of `high`, 8, 16 or 24, have one leaf.
    func isUniform(_ trie: TrieEntry, below high: UInt64, depth: UInt64) -> Bool {
        var entry = trie
        var looked: UInt64 = 0
        while !entry.isLeaf {
            guard looked < depth else { return false }
            let block = entry.block
            if entry.kind == .skip {
                // What the skip compares of the first `depth` bits.
                let mask = word64(block, SkipLayout.maskHigh) & (.max << (64 - depth))
                let isOutside = (high ^ word64(block, SkipLayout.keyHigh)) & mask != 0
                entry = self.entry(block, isOutside ? SkipLayout.otherwise : SkipLayout.match)
                looked = UInt64(word(block, SkipLayout.depth))
                if !isOutside, looked > depth { return false }
            } else {
                let bitCount: UInt64 = entry.kind == .wide ? 8 : 4
                entry = self.entry(block, Int((high << looked) >> (64 - bitCount)))
                looked += bitCount
            }
        }
        return true
    }
}
