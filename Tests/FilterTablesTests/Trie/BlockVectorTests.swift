import TestSupport
import Testing

@testable import FilterTables

@Suite("Block vectors")
struct BlockVectorTests {
    @Test("equal a dictionary, forks included", arguments: UInt64(1)...20)
    func equalDictionary(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let arena = BlockArena()
        try arena.exclusively {
            var vectors = [BlockVector.empty]
            var models: [[Int: UInt32]] = [[:]]
            let last = random.pick([10, 300, 70_000])
            for step in 1...600 {
                let place = Int.random(in: 0..<vectors.count, using: &random)
                if vectors.count < 3, random.oneIn(100) {
                    arena.retain(vectors[place].root)
                    vectors.append(vectors[place])
                    models.append(models[place])
                }
                let index = Int.random(in: 0...last, using: &random)
                let value = random.oneIn(3) ? nil : UInt32(step)
                models[place][index] = value
                let element = value.map { arena.record($0) } ?? .none
                vectors[place] = vectors[place].setting(index, to: element, in: arena)
                guard step % 150 == 0 else { continue }
                for (vector, model) in zip(vectors, models) {
                    try expect(vector, in: arena, equals: model, upTo: last)
                }
            }
            for (vector, model) in zip(vectors, models) {
                var vector = vector
                for index in model.keys.shuffled(using: &random) {
                    vector = vector.setting(index, to: .none, in: arena)
                }
                try #require(vector == .empty)
            }
            try #require(arena.liveLineCount == 0)
        }
    }

    @Test("take what their elements need, whatever came before")
    func canonical() {
        let arena = BlockArena()
        arena.exclusively {
            var vector = BlockVector.empty
            for index in [0, 15] { vector = vector.setting(index, to: arena.record(1), in: arena) }
            #expect(vector.depth == 1)
            #expect(arena.liveLineCount == 2 + 1)
            vector = vector.setting(64, to: arena.record(1), in: arena)
            #expect(vector.depth == 2)
            #expect(arena.liveLineCount == 3 + 3)
            vector = vector.setting(64, to: .none, in: arena)
            #expect(vector.depth == 1)
            #expect(arena.liveLineCount == 2 + 1)
            arena.release(vector.root)
            #expect(arena.liveLineCount == 0)
        }
    }

    @Test("edit an element in place, or a copy where the vector is shared")
    func editing() {
        let arena = BlockArena()
        arena.exclusively {
            let vector = BlockVector.empty.setting(3, to: arena.record(1), in: arena)
            let edited = vector.editing(3, in: arena) { arena.renumbered($0, to: 2) }
            #expect(edited == vector)
            arena.retain(edited.root)
            let fork = edited.editing(3, in: arena) { arena.renumbered($0, to: 3) }
            let memory = arena.memory
            #expect(memory.word(memory.element(of: edited.root, depth: 1, at: 3), 0) == 2)
            #expect(memory.word(memory.element(of: fork.root, depth: 1, at: 3), 0) == 3)
        }
    }

    private func expect(
        _ vector: BlockVector, in arena: BlockArena, equals model: [Int: UInt32], upTo last: Int
    ) throws {
        var wrong: Int?
        for index in 0...last + 1 {
            let element = vector.element(at: index, in: arena)
            let value = element.isNone ? 0 : arena.memory.word(element, 0)
            if value != model[index] ?? 0 { wrong = index }
            guard value != 0 else { continue }
            let read = arena.memory.element(of: vector.root, depth: vector.depth, at: index)
            if read != element { wrong = index }
        }
        try #require(wrong == nil)
    }
}

extension BlockArena {
    /// A block that is a number.
    fileprivate func record(_ value: UInt32) -> BlockRef {
        let block = allocate(.ruleRecord)
        memory.setWord(block, 0, value)
        return block
    }

    /// `block` with another number; the block itself if nobody shares it.
    fileprivate func renumbered(_ block: BlockRef, to value: UInt32) -> BlockRef {
        let own = isUnique(block) ? block : duplicate(block)
        if own != block { release(block) }
        memory.setWord(own, 0, value)
        return own
    }
}
