/// Goes through what a map knows of some addresses.
extension ClassMap {
    /// Where a way through a map is.
    struct Walk {
        fileprivate var first: Int
        fileprivate let end: Int

        init(_ addresses: ClosedRange<UInt32>) {
            first = Int(addresses.lowerBound)
            end = Int(addresses.upperBound) + 1
        }
    }

    /// What comes next on a way.
    enum Step {
        /// The class of the next addresses of which one is known, and the place of their half, seen from the root.
        case number(UInt32, place: Int)
        case end
        case noRoom
    }

    /// The next addresses that have a half of their own, which is made where they share one with others.
    mutating func next(
        _ walk: inout Walk, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Step {
        while walk.first < walk.end {
            var bitCount = 16
            var place = (walk.first >> 16) << 1
            var half = pool.half(at: root + place)
            while half != 0 {
                let isWhole =
                    walk.first & (1 << bitCount - 1) == 0 && walk.end - walk.first >= 1 << bitCount
                if half & ClassMap.isClass != 0 {
                    if isWhole || bitCount == 0 { break }
                    guard let node = spread(half, at: place, &room, in: pool) else {
                        return .noRoom
                    }
                    half = node
                }
                bitCount -= 8
                place =
                    ClassMap.rootByteCount + Int(half) * ClassMap.nodeByteCount
                    + ((walk.first >> bitCount) & 0xFF) << 1
                half = pool.half(at: root + place)
            }
            walk.first = (walk.first >> bitCount + 1) << bitCount
            if half != 0 { return .number(UInt32(half ^ ClassMap.isClass), place: place) }
        }
        return .end
    }

    /// Puts a node of halves like the one at a place there.
    private mutating func spread(
        _ half: UInt16, at place: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt16? {
        guard let node = newNode(&room, in: pool) else { return nil }
        for octet in 0..<256 {
            let place = root + ClassMap.byteCount(ofNodes: Int(node)) + 2 * octet
            pool.setHalf(at: place, half)
        }
        pool.setHalf(at: root + place, node)
        return node
    }

    /// Has the half at a place, seen from the root, lead to a class; `false` when there are too many.
    mutating func set(_ place: Int, to number: UInt32, in pool: MergedMemory) -> Bool {
        guard ClassMap.isKnown(number) else { return false }
        if number != onlyNumber { onlyNumber = nil }
        let half = UInt16(number) | ClassMap.isClass
        pool.setHalf(at: root + ClassMap.classPlace + 2 * Int(number), half)
        pool.setHalf(at: root + place, half)
        return true
    }
}
