internal import CloudModel

/// The words of a group: its rule tables and its name.
///
///     word 0   table of ingress rules
///          1   table of egress rules
///          2   bytes of the name
///          3…  the name, four bytes a word, the first in the lowest
enum GroupRecord {
    static let ingress = 0
    static let egress = 1
    private static let name = 2

    /// The word of a direction's table.
    @inline(__always)
    static func table(isEgress: Bool) -> Int { isEgress ? egress : ingress }

    /// The record of a group whose tables are given away to it.
    static func make(
        _ id: SecurityGroupID, ingress: RuleTable, egress: RuleTable, in arena: BlockArena
    ) -> BlockRef {
        let lineCount = (name + BlockMemory.wordCount(ofText: id.text) + 15) / 16
        let record = arena.allocate(.groupRecord, lineCount: lineCount)
        arena.memory.setWord(record, GroupRecord.ingress, ingress.block.line)
        arena.memory.setWord(record, GroupRecord.egress, egress.block.line)
        arena.memory.setText(record, name, id.text)
        return record
    }

    /// The name in a record.
    static func id(in record: BlockRef, _ memory: BlockMemory) -> SecurityGroupID {
        SecurityGroupID(memory.text(record, name))
    }

    /// A record that shares the tables of `record`.
    static func duplicate(_ record: BlockRef, in arena: BlockArena) -> BlockRef {
        for word in [ingress, egress] {
            arena.retain(BlockRef(line: arena.memory.word(record, word)))
        }
        return arena.duplicate(record)
    }

    /// Drops the references of a dying record.
    static func dropChildren(of record: BlockRef, in arena: BlockArena) {
        for word in [ingress, egress] {
            arena.drop(BlockRef(line: arena.memory.word(record, word)))
        }
    }
}
