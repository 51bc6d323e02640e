import TestSupport
import Testing

@testable import FilterTables

@Suite("Address classes")
struct AddressClassTests {
    @Test("are one block for the same members and parent")
    func interned() {
        let arena = BlockArena()
        arena.exclusively {
            let wide = AddressClass.adding(9, length: 8, to: .none, in: arena)
            let first = AddressClass.adding(2, length: 32, to: wide, in: arena)
            let both = AddressClass.adding(1, length: 32, to: first, in: arena)
            let other = AddressClass.adding(1, length: 32, to: wide, in: arena)
            let same = AddressClass.adding(2, length: 32, to: other, in: arena)
            #expect(same == both)
            let expected = [(32, 1), (32, 2), (8, 9)].map { Link(length: $0, member: $1) }
            #expect(arena.chain(ofClass: both.line) == expected)
            let inner = AddressClass.adding(5, length: 16, to: wide, in: arena)
            var renamed = RenamedClasses()
            let between = AddressClass.replacing(
                wide, with: inner, below: both, &renamed, in: arena)
            #expect(arena.chain(ofClass: between.line).map(\.length) == [32, 32, 16, 8])
            let outer = AddressClass.removing(5, from: inner, in: arena)
            #expect(outer == wide)
            renamed = RenamedClasses()
            let back = AddressClass.replacing(
                inner, with: outer, below: between, &renamed, in: arena)
            #expect(back == both)
            for block in [wide, first, both, other, same, inner, between, outer, back] {
                arena.release(block)
            }
            #expect(arena.liveLineCount == 0)
            #expect(arena.classes.count == 0)
        }
    }

    @Test("share what a class that both chains go on with becomes")
    func sharedParents() {
        let arena = BlockArena()
        arena.exclusively {
            let outer = AddressClass.adding(9, length: 8, to: .none, in: arena)
            let shared = AddressClass.adding(5, length: 16, to: outer, in: arena)
            let leaves = [1, 2].map {
                AddressClass.adding($0, length: 32, to: shared, in: arena)
            }
            let wider = AddressClass.adding(7, length: 8, to: outer, in: arena)
            var renamed = RenamedClasses()
            let changed = leaves.map {
                AddressClass.replacing(outer, with: wider, below: $0, &renamed, in: arena)
            }
            let parents = changed.map { arena.memory.parent(ofClass: $0) }
            #expect(parents[0] == parents[1])
            #expect(renamed.renamed(shared) == parents[0])
            #expect(renamed.renamed(outer) == wider)
            #expect(renamed.renamed(.none) == nil)
            for block in [outer, shared, wider] + leaves + changed { arena.release(block) }
            #expect(arena.liveLineCount == 0)
        }
    }

    @Test("read back every field of their block")
    func layout() {
        let arena = BlockArena()
        arena.exclusively {
            let parent = AddressClass.adding(7, length: 0, to: .none, in: arena)
            let members: [UInt32] = Array(10..<40)
            arena.retain(parent)
            let block = AddressClass.interned(
                members.span, length: 128, parent: parent, in: arena)
            #expect(arena.memory.word(block, AddressClass.parent) == parent.line)
            #expect(arena.memory.word(block, AddressClass.header) == 128 << 24 | 30)
            #expect(arena.memory.word(block, AddressClass.members) == 10)
            #expect(arena.memory.word(block, AddressClass.members + 29) == 39)
            #expect(arena.lineCount(of: block) == 3)
        }
    }

    @Test("leave the index, which shrinks, with their last reference", arguments: UInt64(1)...10)
    func index(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let arena = BlockArena(limboCapacity: 8)
        try arena.exclusively {
            var held: [UInt32: BlockRef] = [:]
            for _ in 0..<2000 {
                let member = UInt32.random(in: 0..<400, using: &random)
                if let block = held.removeValue(forKey: member) {
                    arena.release(block)
                } else {
                    held[member] = AddressClass.adding(member, length: 32, to: .none, in: arena)
                }
                try #require(arena.classes.count == held.count)
            }
            for (member, block) in held {
                let again = AddressClass.adding(member, length: 32, to: .none, in: arena)
                try #require(again == block)
                arena.release(again, count: 2)
            }
            #expect(arena.classes.count == 0)
            #expect(arena.classes.byteCount == 128)
            #expect(arena.liveLineCount == 0)
        }
    }
}
