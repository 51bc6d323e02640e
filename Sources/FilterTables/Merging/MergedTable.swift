/// The rules that one interface asks in one direction, those of all its groups, as tables of classes: what decides
/// a packet in a fixed number of loads.
///
/// The class of a packet's peer is what its address passes of the steps' sets, that of its local address likewise,
/// and the class of its protocol and ports what these pass of the steps' tests: few each, even of a thousand
/// rules. A pair of address classes leads to a row of answers, one for each class of ports.
///
///     peer address  ──▶ class ─┐
///     local address ──▶ class ─┴▶ pair ─▶ row of answers ─┐
///     protocol, ports ─────────▶ class of ports ──────────┴▶ step ─▶ outcome
///
/// (Gupta & McKeown, *Packet classification on multiple fields*, SIGCOMM 1999, with the tables of products made
/// piece by piece.) Classes of ports are made with the table, by rows of the distinct tests that a value passes.
/// Classes of addresses are made when a packet first has one: a row of the steps, of which equal ones are one
/// class. The row of answers of a pair is found when packets first have the pair: by the steps that both rows have,
/// which few others of thousands of pairs do not have too, and for the first of them made, in decision order.
///
/// What merging needs is in the tables' blocks, so a merged table can be dropped and made again at any
/// time. Properties that are `Int`s and not counts are places in the ``MergedMemory``.
///
/// - Complexity: a decision takes O(1).
struct MergedTable {
    /// Without the default, and without those that were added.
    let stepCount: Int
    /// An ``Outcome`` for each step, then that of the default.
    let outcomes: Int
    /// The classes of protocols and ports.
    let ports: PortClasses
    /// Where the steps of each selector are listed: for peers, for local addresses.
    let peerMembers: MemberList
    let localMembers: MemberList
    /// The numbers of classes by ``ClassKey``.
    var classes: WordMap
    /// The same by IPv4 address, for the sources and destinations of packets.
    var sourceMap: ClassMap
    var destinationMap: ClassMap
    /// What trie these are of.
    var mapped = MappedTrie()
    /// The same by IPv6 address, each one more, and of what trie.
    var longMap = LongMap()
    var longMapped = MappedTrie()
    /// For each class of peers, and of local addresses, a row with a bit for each step.
    var peers: RowSet
    var locals: RowSet
    /// The places of the rows of answers of pairs of classes; 0 where none is made yet.
    var pairs: PairTable
    /// Rows of answers: for each class of ports the step that decides, in 16 bits.
    var answers: RowSet
    /// The steps that the classes of a pair have in common, a row for all pairs with the same, and the place of its row
    /// of answers.
    var commons: RowSet
    var answersOfCommons: WordList
    /// Where the row of the steps is that were taken away since; 0 in a table that is not edited.
    var goneSteps = 0
    /// In an edited table: the orders of all steps, and the blocks of those that were added, 16 bytes each.
    var orders = 0
    var addedBlocks = 0
    var addedCount = 0
    /// Whether packets that leave are decided, as far as it matters where steps were added.
    var isEgress = false

    /// At most so many steps are added.
    static let addedCapacity = 64

    /// Entries (selector, step), ascending: see ``SortEntry``.
    struct MemberList {
        let place: Int
        let count: Int
        /// Whether a step names some addresses of a family and not all: else these are of one class.
        let tellsAddressesApart: Bool
    }

    /// The trie of an address space that was copied to maps, once it has stood for a while.
    struct MappedTrie {
        var space = -1
        var trie = TrieEntry.empty
        /// How many look-ups it has stood unchanged.
        var lookupCount = 0
        var isMapped = false

        /// Counts look-ups of a trie; what was of another is not mapped.
        mutating func count(_ count: Int, of trie: TrieEntry, ofSpace space: Int) {
            if self.trie != trie || self.space != space {
                self = MappedTrie(space: space, trie: trie)
            }
            lookupCount += count
        }
    }
}
