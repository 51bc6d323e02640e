internal import CloudModel

/// A rule's name and place, for answers and for settling equal orders: one line for an id of up to 56
/// bytes.
///
///     word  0                            1               2 …
///          ┌────────────────────────────┬───────────────┬──────────────────────────────┐
///          │ group number << 1          │ bytes in      │ the id, four bytes a word,   │
///          │   | 1 if egress            │ the id        │ the first one highest, then 0│
///          └────────────────────────────┴───────────────┴──────────────────────────────┘
enum RuleRecord {
    private static let firstIDWord = 2

    /// A record with one reference.
    static func make(
        _ id: RuleID, group: UInt32, _ direction: Direction, in arena: BlockArena
    ) -> BlockRef {
        let bytes = id.text.utf8
        let wordCount = firstIDWord + (bytes.count + 3) / 4
        let record = arena.allocate(.ruleRecord, lineCount: (wordCount + 15) / 16)
        let side: UInt32 = direction == .ingress ? 0 : 1
        arena.memory.setWord(record, 0, group << 1 | side)
        arena.memory.setWord(record, 1, UInt32(bytes.count))
        var word: UInt32 = 0
        for (place, byte) in bytes.enumerated() {
            word |= UInt32(byte) << UInt32(24 - place % 4 * 8)
            guard place % 4 == 3 || place == bytes.count - 1 else { continue }
            arena.memory.setWord(record, firstIDWord + place / 4, word)
            word = 0
        }
        return record
    }

    /// The number of the rule's group.
    static func group(of record: BlockRef, in memory: BlockMemory) -> UInt32 {
        memory.word(record, 0) >> 1
    }

    static func direction(of record: BlockRef, in memory: BlockMemory) -> Direction {
        memory.word(record, 0) & 1 == 0 ? .ingress : .egress
    }

    static func id(of record: BlockRef, in memory: BlockMemory) -> RuleID {
        let bytes = (0..<Int(memory.word(record, 1))).map { place in
            let word = memory.word(record, firstIDWord + place / 4)
            return UInt8(truncatingIfNeeded: word >> UInt32(24 - place % 4 * 8))
        }
        return RuleID(String(decoding: bytes, as: UTF8.self))
    }

    /// Whether the id of one record comes before that of another, bytewise.
    static func precedes(_ record: BlockRef, _ other: BlockRef, in memory: BlockMemory) -> Bool {
        let counts = (memory.word(record, 1), memory.word(other, 1))
        // The zeros behind an id's last byte compare as the end does, or equal.
        let wordCount = (Int(min(counts.0, counts.1)) + 3) / 4
        for place in firstIDWord..<firstIDWord + wordCount {
            let words = (memory.word(record, place), memory.word(other, place))
            if words.0 != words.1 { return words.0 < words.1 }
        }
        return counts.0 < counts.1
    }
}

/// Where the records of a version's rules are: a ``BlockVector`` from rule number to ``RuleRecord``.
struct RuleNames: Hashable, Sendable {
    let records: BlockVector

    /// Names for tables without custom rules, or whose rules' orders all differ.
    static let none = RuleNames(records: .empty)

    /// Whether the id of one rule comes before that of another.
    func precedes(_ rule: UInt32, _ other: UInt32, in memory: BlockMemory) -> Bool {
        RuleRecord.precedes(
            record(of: rule, in: memory), record(of: other, in: memory), in: memory)
    }

    /// The record of the rule with a number.
    func record(of rule: UInt32, in memory: BlockMemory) -> BlockRef {
        memory.element(of: records.root, depth: records.depth, at: Int(rule))
    }
}
