internal import CloudModel

/// The rules of one group in one direction: what decides packets by their address classes, protocol and
/// ports.
///
/// A rule is one step (several with a port list) under the pair of selectors that it names: peer and
/// local addresses, each a CIDR block, prefix list or group, or any. A packet's address classes say which
/// selectors hold its addresses, so few pairs can have rules for it; the table finds those by hash and
/// takes the first step in decision order that admits the packet.
///
///     header ──▶ page of pairs ─▶ (1.2.3.0/24, any) ─▶ its one step
///            ├─▶ page           ├▶ (group 7, any)   ─▶ bucket ─▶ steps in decision order
///            └─▶ …              └▶ …
///
/// The header's 24 words, behind which lies the ``PairDirectory``:
///
///     word  0       1       2       4       5                13               17             24
///          ┌───────┬───────┬───────┬───────┬────────────────┬────────────────┬──────────────┐
///          │ pairs │ steps │ stamp │ shape │ filter of peer │ open steps for │ pairs of     │
///          │       │       │       │       │ selectors      │ family,protocol│ each kind    │
///          └───────┴───────┴───────┴───────┴────────────────┴────────────────┴──────────────┘
///
///     shape: 4 · *peer kind* + *local kind* is the place of a bit that says whether such pairs exist
///            (kinds: 0…2 as in ``WideSelector``, 3 a named one); 16 to 17 the default outcome
///
/// An empty table has 2 lines. A rule takes 32 bytes and, when others have its pair, 24; with the waste
/// of pages and sizes 45 and 31.
///
/// - Complexity: a look-up takes O(chain of the peer · chain of the local + steps tried); see
///   ``inserting(_:for:_:in:)`` for edits.
struct RuleTable: Hashable, Sendable {
    /// What a packet gets that no step admits.
    enum DefaultOutcome: UInt32, Sendable {
        case drop
        case accept
        case implicitDeny
    }

    let block: BlockRef

    static let pairCountWord = 0
    static let stepCountWord = 1
    static let stampWord = 2
    static let shapeWord = 4
    static let filterWord = 5
    static let openCountWord = 13
    static let kindCountWord = 17
    static let directoryWord = 24
    static let defaultShift: UInt32 = 16

    static func lineCount(_ directoryWordCount: Int) -> Int {
        (directoryWord + directoryWordCount + 15) / 16
    }

    // MARK: Making

    /// A table without steps.
    init(_ defaultOutcome: DefaultOutcome, in arena: BlockArena) {
        block = arena.allocate(.ruleTable, lineCount: RuleTable.lineCount(0))
        arena.memory.fillWords(block, count: RuleTable.directoryWord)
        arena.memory.setWord(
            block, RuleTable.shapeWord, defaultOutcome.rawValue << RuleTable.defaultShift)
        setNewStamp(in: arena)
    }

    /// The table that `block` is.
    init(_ block: BlockRef) { self.block = block }

    /// A table with `steps`.
    ///
    /// - Complexity: that of inserting them one by one, into blocks that nobody else holds.
    static func make(
        _ steps: some Sequence<(pair: SelectorPair, step: RuleStep)>, _ names: RuleNames = .none,
        _ defaultOutcome: DefaultOutcome, in arena: BlockArena
    ) -> RuleTable {
        var table = RuleTable(defaultOutcome, in: arena)
        for (pair, step) in steps { table = table.inserting(step, for: pair, names, in: arena) }
        return table
    }

    // MARK: Asking

    /// A number that no other table has and that this one has not after an edit.
    @inline(__always)
    func stamp(in memory: BlockMemory) -> UInt64 { memory.word64(block, RuleTable.stampWord / 2) }

    /// Says that what follows is another table.
    func setNewStamp(in arena: BlockArena) {
        arena.memory.setWord64(
            block, RuleTable.stampWord / 2, arena.nextStamp())
    }

    /// The number of steps.
    func stepCount(in memory: BlockMemory) -> Int {
        Int(memory.word(block, RuleTable.stepCountWord))
    }

    /// The number of pairs of selectors.
    func pairCount(in memory: BlockMemory) -> Int {
        Int(memory.word(block, RuleTable.pairCountWord))
    }

    /// The ``DefaultOutcome`` of a table.
    @inline(__always)
    func defaultCode(in memory: BlockMemory) -> UInt32 {
        memory.word(block, RuleTable.shapeWord) >> RuleTable.defaultShift
    }

    @inline(__always)
    func defaultOutcome(in memory: BlockMemory) -> Outcome {
        RuleTable.defaultOutcome(defaultCode(in: memory))
    }

    /// What a ``DefaultOutcome`` stands for.
    @inline(__always)
    static func defaultOutcome(_ code: UInt32) -> Outcome {
        switch code {
        case DefaultOutcome.accept.rawValue: Outcome(.accept, .default)
        case DefaultOutcome.implicitDeny.rawValue: Outcome(.drop, .implicitDeny)
        default: Outcome(.drop, .default)
        }
    }

    /// Whether a step admits TCP or UDP packets of a family whatever their peer, through `0.0.0.0/0` or
    /// `::/0`, and whatever their ports. Source: SEMANTICS B.5.
    @inline(__always)
    func isOpen(to ipProtocol: UInt8, isIPv6: Bool, in memory: BlockMemory) -> Bool {
        let isUDP = ipProtocol == IPProtocol.udp.rawValue
        let isTCP = ipProtocol == IPProtocol.tcp.rawValue
        let place = RuleTable.openCountWord + (isIPv6 ? 2 : 0) + (isUDP ? 1 : 0)
        return (isTCP || isUDP) && memory.word(block, place) != 0
    }

    // MARK: References

    /// Calls `body` with each page, or block of the directory, of a header.
    static func forEachChild(
        of header: BlockRef, in memory: BlockMemory, _ body: (BlockRef) -> Void
    ) {
        let pageCount = PairDirectory.pageCount(ofPairs: Int(memory.word(header, pairCountWord)))
        for place in 0..<PairDirectory.wordCount(pageCount) {
            let child = BlockRef(line: memory.word(header, directoryWord + place))
            if !child.isNone { body(child) }
        }
    }
}
