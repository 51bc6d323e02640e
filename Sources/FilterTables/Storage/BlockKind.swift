/// What the words of a block are, so that a dying block's references can be dropped.
enum BlockKind: UInt8, Sendable {
    /// What a version of the tables begins with: see ``RootLayout``.
    case root
    /// A node of a ``Trie`` with 16 or 256 entries.
    case trieNode
    /// A ``Trie`` node for a stretch of key without branches.
    case trieSkip
    /// See ``AddressClass``.
    case addressClass
    /// A node of a ``BlockVector``: 256 blocks.
    case vectorNode
    case interfaceRecord
    case groupRecord
    case spaceRecord
    /// A rule's name and group.
    case ruleRecord
    /// The rules of one group in one direction.
    case ruleTable
    /// The pairs of selectors of a rule table that have one hash: see ``PairPage``.
    case pairPage
    /// Where 256 pages of a large rule table are: see ``PairDirectory``.
    case pairDirectory
    /// The rules of a table with one pair of selectors, or a page of them: see ``RuleBucket``.
    case bucket
    /// Where the pages of a large bucket are: see ``RuleBucket``.
    case bucketIndex

    /// Drops the references that a dying block holds.
    func dropChildren(of block: BlockRef, in arena: BlockArena) {
        switch self {
        case .trieNode: Trie.dropChildren(ofNode: block, in: arena)
        case .trieSkip: Trie.dropChildren(ofSkip: block, in: arena)
        case .addressClass: AddressClass.dropParent(of: block, in: arena)
        case .vectorNode: BlockVector.dropChildren(of: block, in: arena)
        case .root: RootLayout.dropChildren(of: block, in: arena)
        case .groupRecord: GroupRecord.dropChildren(of: block, in: arena)
        case .spaceRecord: SpaceRecord.dropChildren(of: block, in: arena)
        case .ruleTable: RuleTable.forEachChild(of: block, in: arena.memory) { arena.drop($0) }
        case .pairPage: PairPage.forEachChild(of: block, in: arena.memory) { arena.drop($0) }
        case .pairDirectory:
            PairDirectory.forEachChild(of: block, in: arena.memory) { arena.drop($0) }
        case .bucketIndex: RuleBucket.forEachPage(of: block, in: arena.memory) { arena.drop($0) }
        case .interfaceRecord, .ruleRecord, .bucket: break
        }
    }
}
