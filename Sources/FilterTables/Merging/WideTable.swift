/// The rules that one interface asks in one direction, when they are more than a ``MergedTable`` takes: candidates for
/// the pairs of classes that packets have had, and behind them an index of pairs of selectors that is asked for many
/// packets at a time, and for few pairs of each.
///
/// Each class of addresses has a record. Most steps that a packet may pass are *one-sided*: all IPv4 addresses are of one
/// of their selectors, so that they belong to the class of the other address alone. Which of them comes first says, by
/// class of ports, a row of *ranks* (a step's rank is its place in the decision order of all). Classes share the row of
/// those of their selectors that have several one-sided steps; the single steps of others stand in the record. All
/// other steps are found by the pairs of *elements*: the selectors of a class's chain that have two-sided steps,
/// each with a *filter* of 64 bits, which says by six bits of their hashes with which selectors of the other side.
///
///     record   0       4        8     12      16          24         32             (48)
///             ┌───────┬────────┬─────┬───────┬───────────┬──────────┬──────────────┬───────────────────────────┐
///             │ its   │ counts │ row │ rank  │ all       │ a bit for│ elements,    │ number of further single  │
///             │ word  │        │     │       │ filters   │ each hash│ 16 each      │ steps, then these, 8 each │
///             └───────┴────────┴─────┴───────┴───────────┴──────────┴──────────────┴───────────────────────────┘
///     counts   31                20    10              9                   0
///             ┌────────────────────┬──┬───────────────┬─────────────────────┐  test and rank of the first
///             │ test               │  │ further steps?│ number of elements  │  single step, or rank 2^32 - 1
///             └────────────────────┴──┴───────────────┴─────────────────────┘
///     element  0        8          12
///             ┌────────┬──────────┬──────┐
///             │ filter │ selector │ hash │
///             └────────┴──────────┴──────┘
///
///     slot of the index    0               8
///                         ┌───────────────┬───────┬──────┬─────────────────────┐
///                         │ peer, local   │ count │ test │ rank, if count is 1 │  0 in a free slot
///                         │               │ 16    │ 16   │ place of steps      │  otherwise
///                         └───────────────┴───────┴──────┴─────────────────────┘
///
/// The steps of a pair are 8 bytes each, the number of the test and the rank; ascending. Whether a packet passes a test
/// says a row of bits of its class of ports, see ``PortClasses``. The least rank that passes decides.
///
/// Properties that are `Int`s and not counts are places in the ``MergedMemory``.
///
/// - Complexity: a decision takes O(1) when its pair has candidates; else O(pairs of elements), and O(1) loads for
///   each that both filters leave.
struct WideTable {
    let stepCount: Int
    /// An ``Outcome`` for each step, by rank, then that of the default.
    let outcomes: Int
    let ports: PortClasses
    /// The index of pairs, with twice as many slots as pairs or more.
    let slots: Int
    /// 32 less the bits of a slot's number.
    let slotShift: UInt32
    /// Places of what is known of selectors, by selector + 1: of peers, of local addresses.
    let peerFacts: WordMap
    let localFacts: WordMap
    /// Places of rows of ranks by a hash of the selectors that they are of.
    var ranks: WordMap
    /// How many bytes rows of ranks may take yet.
    var ranksByteCount: Int
    /// The words of records by ``ClassKey``, and by a hash of what they hold.
    var records: WordMap
    var contents: WordMap
    /// The same by IPv4 address, for the sources and destinations of packets.
    let sourceMap: RangeMap
    let destinationMap: RangeMap
    let candidates: CandidateTable
    /// What trie the maps are of.
    var trie: TrieEntry
    var space: Int

    /// Tables with more steps are not merged.
    static let maximumStepCount = 1 << 17
    /// Chains with more selectors have no records.
    static let maximumChainLength = 512

    static let slotByteCount = 16
    static let stepByteCount = 8

    /// A selector's hash; that of a pair is the exclusive or of both.
    @inline(__always)
    static func hash(ofPeer selector: SelectorID) -> UInt32 {
        UInt32(truncatingIfNeeded: SelectorPair.hash(ofPeer: selector))
    }

    @inline(__always)
    static func hash(ofLocal selector: SelectorID) -> UInt32 {
        UInt32(truncatingIfNeeded: SelectorPair.hash(ofLocal: selector))
    }
}

/// The steps of a pair of selectors in a ``WideTable``.
struct PairSteps {
    /// A slot's second word, 0 if there are none.
    let value: UInt64

    @inline(__always)
    var count: Int { Int(truncatingIfNeeded: value &>> 48) }

    /// The number of a step's test in the upper half, its rank in the lower.
    @inline(__always)
    func step(_ index: Int, _ pool: MergedMemory) -> UInt64 {
        // One step stands in the slot itself.
        count == 1
            ? value & 0xFFFF_FFFF_FFFF
            : pool.word64(
                at: Int(truncatingIfNeeded: value & 0xFFFF_FFFF) &+ WideTable.stepByteCount &* index
            )
    }
}
