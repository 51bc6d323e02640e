/// A version of the tables: a root, kept alive. The last holder lets it go from any thread without
/// waiting.
final class TableVersion: Sendable {
    let arena: BlockArena
    let root: BlockRef

    /// Takes a root with one reference, which is the version's from here on.
    init(arena: BlockArena, root: BlockRef) {
        self.arena = arena
        self.root = root
    }

    deinit { arena.dropRoot(root) }
}
