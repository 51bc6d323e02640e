/// Records made ready for writing.
extension TableEditor {
    /// A record that only this version holds, so that its words may be changed.
    ///
    /// - Precondition: the record is there.
    func ownedRecord(_ vector: RootLayout.Vector, _ index: Int) -> BlockRef {
        let arena = arena
        var owned = BlockRef.none
        edit(vector, index) { record in
            owned =
                arena.isUnique(record) ? record : TableEditor.copy(ofConsumed: record, in: arena)
            return owned
        }
        return owned
    }

    /// Puts `record` in the place of what a vector has at `index`; none removes it.
    func setRecord(_ vector: RootLayout.Vector, _ index: Int, to record: BlockRef) {
        let arena = arena
        edit(vector, index) { old in
            arena.release(old)
            return record
        }
    }

    private func edit(
        _ vector: RootLayout.Vector, _ index: Int, _ body: (BlockRef) -> BlockRef
    ) {
        let edited = memory.vector(vector, of: root).editing(index, in: arena, body)
        memory.setVector(vector, of: root, to: edited)
    }

    private static func copy(ofConsumed record: BlockRef, in arena: BlockArena) -> BlockRef {
        let copy =
            arena.kind(of: record) == .groupRecord
            ? GroupRecord.duplicate(record, in: arena) : SpaceRecord.duplicate(record, in: arena)
        arena.release(record)
        return copy
    }
}
