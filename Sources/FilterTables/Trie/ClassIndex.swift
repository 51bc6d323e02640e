/// Finds the class that equals another: a set of ``AddressClass`` blocks by content.
///
/// Open addressing with linear probing; a class that leaves pulls back those behind it, so there are no
/// gravestones and the table's size depends on the number of classes. It holds no reference: a class
/// leaves with its last reference.
///
/// A slot has the class's hash beside its line, so that only a class that is probably equal has to be
/// fetched: classes lie all over the arena.
final class ClassIndex {
    /// Hashes of classes and, in the low half, their lines; 0 where a slot is free. The count is a power
    /// of two.
    private var slots = Array(repeating: UInt64(0), count: ClassIndex.minimumCapacity)
    private(set) var count = 0

    private static let minimumCapacity = 16

    init() {}

    /// The bytes that the table takes.
    var byteCount: Int { slots.count * 8 }

    /// The class in the set with the content of `block`; if there is none, `block` joins the set.
    ///
    /// - Complexity: O(members of the class), expected.
    func insert(_ block: BlockRef, in memory: BlockMemory) -> BlockRef {
        let new = ClassIndex.slot(of: block, in: memory)
        var place = home(of: new)
        while slots[place] != 0 {
            let known = BlockRef(line: UInt32(truncatingIfNeeded: slots[place]))
            if slots[place] >> 32 == new >> 32, areEqual(known, block, in: memory) { return known }
            place = next(place)
        }
        slots[place] = new
        count += 1
        if count * 3 > slots.count * 2 { resize(to: slots.count * 2) }
        return block
    }

    /// Takes `block`, which is in the set, out of it.
    ///
    /// - Complexity: O(1), expected and on average.
    func remove(_ block: BlockRef, in memory: BlockMemory) {
        let old = ClassIndex.slot(of: block, in: memory)
        var hole = home(of: old)
        while slots[hole] != old { hole = next(hole) }
        var place = next(hole)
        while slots[place] != 0 {
            // A class may move back to the hole if that is not before its home.
            if (place &- home(of: slots[place])) & mask >= (place &- hole) & mask {
                slots[hole] = slots[place]
                hole = place
            }
            place = next(place)
        }
        slots[hole] = 0
        count -= 1
        if slots.count > ClassIndex.minimumCapacity, count * 8 < slots.count {
            resize(to: slots.count / 2)
        }
    }

    private var mask: Int { slots.count - 1 }

    private func next(_ place: Int) -> Int { (place + 1) & mask }

    private func home(of slot: UInt64) -> Int { Int(slot >> 32) & mask }

    private static func slot(of block: BlockRef, in memory: BlockMemory) -> UInt64 {
        UInt64(memory.word(block, AddressClass.hash)) << 32 | UInt64(block.line)
    }

    /// Whether two classes with the same hash are the same.
    private func areEqual(_ first: BlockRef, _ second: BlockRef, in memory: BlockMemory) -> Bool {
        guard memory.word(first, AddressClass.header) == memory.word(second, AddressClass.header)
        else { return false }
        let end = AddressClass.members + memory.memberCount(ofClass: first)
        for index in AddressClass.parent..<end
        where memory.word(first, index) != memory.word(second, index) { return false }
        return true
    }

    private func resize(to capacity: Int) {
        let former = slots
        slots = Array(repeating: 0, count: capacity)
        for slot in former where slot != 0 {
            var place = home(of: slot)
            while slots[place] != 0 { place = next(place) }
            slots[place] = slot
        }
    }
}
