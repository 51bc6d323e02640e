/// The rules that one interface asks in one direction, when they are more than a ``MergedTable`` takes: candidates for
/// the pairs of classes that packets have had, and behind them an index of pairs of selectors that is asked for many
/// packets at a time, and for few pairs of each.
///
/// Each class of addresses has a record: the selectors of its chain, and with each a *filter* of 64 bits, which says
/// by six bits of their hashes with which selectors of the other side it has a pair. Of the twenty
/// pairs that two chains make, two or three times as many as there are in the table are left by both filters.
///
///     record   0            16                        32
///             ┌──────┬─────┬─────────────────────────┬──
///             │ n    │     │ filter │ selector, hash │ …  n times
///             └──────┴─────┴─────────────────────────┴──
///
///     slot of the index    0               8
///                         ┌───────────────┬───────┬──────┬─────────────────────┐
///                         │ peer, local   │ count │ test │ rank, if count is 1 │  0 in a free slot
///                         │               │ 16    │ 16   │ place of steps      │  otherwise
///                         └───────────────┴───────┴──────┴─────────────────────┘
///
/// The steps of a pair are 8 bytes each, the number of the test and the *rank*, which is the step's place in the
/// decision order of all; ascending. Whether a packet passes a test says a row of bits of its class of ports,
/// see ``PortClasses``. The pair with the least rank that passes decides.
///
/// Properties that are `Int`s and not counts are places in the ``MergedMemory``.
///
/// - Complexity: a decision takes O(1) when its pair has candidates; else O(pairs of the chains), and O(1) loads for
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
    /// Places of filters by selector + 1: of peers, of local addresses.
    let peerFilters: WordMap
    let localFilters: WordMap
    /// The words of records by ``ClassKey``, and by a hash of what they hold.
    var records: WordMap
    var contents: WordMap
    /// The same by IPv4 address, for the sources and destinations of packets.
    var sourceMap: RangeMap
    var destinationMap: RangeMap
    var candidates: CandidateTable
    /// What trie the maps are of.
    var trie: TrieEntry
    var space: Int

    /// Tables with more steps are not merged.
    static let maximumStepCount = 1 << 17
    /// Chains with more selectors have no records.
    static let maximumChainLength = 512

    static let recordHeaderByteCount = 16
    static let elementByteCount = 16
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
