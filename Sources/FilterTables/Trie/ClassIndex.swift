/// Finds the class that equals another: a set of ``AddressClass`` blocks by content.
///
/// Open addressing with linear probing; a class that leaves pulls back those behind it, so there are no
/// gravestones and the table's size depends on the number of classes. It holds no reference: a class
/// leaves with its last reference.
final class ClassIndex {
    /// Lines of classes, 0 where a slot is free. The count is a power of two.
    private var slots = Array(repeating: UInt32(0), count: ClassIndex.minimumCapacity)
    private(set) var count = 0

    private static let minimumCapacity = 16

    init() {}

    /// The bytes that the table takes.
    var byteCount: Int { slots.count * 4 }

    /// The class in the set with the content of `block`; if there is none, `block` joins the set.
    ///
    /// - Complexity: O(members of the class), expected.
    func insert(_ block: BlockRef, in memory: BlockMemory) -> BlockRef {
        var slot = home(of: block, in: memory)
        while slots[slot] != 0 {
            let known = BlockRef(line: slots[slot])
            if areEqual(known, block, in: memory) { return known }
            slot = next(slot)
        }
        slots[slot] = block.line
        count += 1
        if count * 3 > slots.count * 2 { resize(to: slots.count * 2, in: memory) }
        return block
    }

    /// Takes `block`, which is in the set, out of it.
    ///
    /// - Complexity: O(1), expected and on average.
    func remove(_ block: BlockRef, in memory: BlockMemory) {
        var hole = home(of: block, in: memory)
        while slots[hole] != block.line { hole = next(hole) }
        var slot = next(hole)
        while slots[slot] != 0 {
            let home = home(of: BlockRef(line: slots[slot]), in: memory)
            // A class may move back to the hole if that is not before its home.
            if (slot &- home) & mask >= (slot &- hole) & mask {
                slots[hole] = slots[slot]
                hole = slot
            }
            slot = next(slot)
        }
        slots[hole] = 0
        count -= 1
        if slots.count > ClassIndex.minimumCapacity, count * 8 < slots.count {
            resize(to: slots.count / 2, in: memory)
        }
    }

    private var mask: Int { slots.count - 1 }

    private func next(_ slot: Int) -> Int { (slot + 1) & mask }

    private func home(of block: BlockRef, in memory: BlockMemory) -> Int {
        Int(memory.word(block, AddressClass.hash)) & mask
    }

    private func areEqual(_ first: BlockRef, _ second: BlockRef, in memory: BlockMemory) -> Bool {
        guard memory.word(first, AddressClass.hash) == memory.word(second, AddressClass.hash),
            memory.word(first, AddressClass.header) == memory.word(second, AddressClass.header)
        else { return false }
        let end = AddressClass.members + memory.memberCount(ofClass: first)
        for index in AddressClass.parent..<end
        where memory.word(first, index) != memory.word(second, index) { return false }
        return true
    }

    private func resize(to capacity: Int, in memory: BlockMemory) {
        let lines = slots
        slots = Array(repeating: 0, count: capacity)
        for line in lines where line != 0 {
            var slot = home(of: BlockRef(line: line), in: memory)
            while slots[slot] != 0 { slot = next(slot) }
            slots[slot] = line
        }
    }
}
