/// Rows of selectors or-ed together, one word for each 64 entries.
///
/// Only the words that a look-up touched are cleared after it, so that its cost does not grow with
/// the largest table.
struct MergedRow {
    fileprivate private(set) var words: [UInt64]
    /// The places of the words that are not zero, of which the first ``touchedCount`` count.
    private var touched: [UInt32]
    private var touchedCount = 0

    init(wordCount: Int) {
        words = Array(repeating: 0, count: wordCount)
        touched = Array(repeating: 0, count: wordCount)
    }

    /// Or-s `bits`, which are not 0, into a word.
    @inline(__always)
    fileprivate mutating func add(_ bits: UInt64, at word: UInt32) {
        let before = words[Int(word)]
        words[Int(word)] = before | bits
        guard before == 0 else { return }
        touched[touchedCount] = word
        touchedCount += 1
    }

    @inline(__always)
    fileprivate mutating func clear() {
        for place in 0..<touchedCount { words[Int(touched[place])] = 0 }
        touchedCount = 0
    }
}

/// Room for one look-up at a time: each thread that decides has its own.
struct MatchScratch {
    fileprivate var peer: MergedRow
    fileprivate var local: MergedRow

    /// Scratch for tables whose rows have at most `wordCount` words.
    init(wordCount: Int) {
        peer = MergedRow(wordCount: wordCount)
        local = MergedRow(wordCount: wordCount)
    }
}

/// A packet as the tables see it: classes in place of addresses.
struct ClassifiedHeader {
    var peerClass: UInt32
    var localClass: UInt32
    var serviceKey: UInt32
    /// 0…65535 or ``ServiceKey/unknownValue``.
    var sourcePort: UInt32
    var isIPv6: Bool
}

extension RuleTables {
    /// The first entry of a table that matches, as a place in ``entries``; `nil` if none does.
    @inline(__always)
    func firstMatch(
        in table: Table, of header: ClassifiedHeader, chains: PrefixChains,
        using scratch: inout MatchScratch
    ) -> Int? {
        merge(table.peerSelectors, along: header.peerClass, of: chains, into: &scratch.peer)
        merge(table.localSelectors, along: header.localClass, of: chains, into: &scratch.local)
        let wordCount = Int(table.wordCount)
        let service = denseRow(
            table.serviceStarts, table.serviceRows, wordCount, at: header.serviceKey)
        let source = denseRow(
            table.sourceStarts, table.sourceRows, wordCount, at: header.sourcePort)
        let anyPeer = Int(table.anyRows) + (header.isIPv6 ? wordCount : 0)
        let anyLocal = anyPeer + 2 * wordCount
        var match: Int?
        for word in 0..<wordCount {
            let bits =
                words[service + word] & words[source + word]
                & (words[anyPeer + word] | scratch.peer.words[word])
                & (words[anyLocal + word] | scratch.local.words[word])
            if bits != 0 {
                match = Int(table.firstEntry) + 64 * word + bits.trailingZeroBitCount
                break
            }
        }
        scratch.peer.clear()
        scratch.local.clear()
        return match
    }

    /// Where the dense row of the interval that holds `number` begins in ``words``.
    @inline(__always)
    private func denseRow(
        _ places: Places, _ firstRow: UInt32, _ wordCount: Int, at number: UInt32
    ) -> Int {
        let interval = lastIndex(
            in: starts.span.extracting(places.range), notAfter: number)
        return Int(firstRow) + Int(rowOfInterval[Int(places.first) + interval]) * wordCount
    }

    /// Or-s the sparse rows of the selectors in a chain.
    @inline(__always)
    private func merge(
        _ slots: Places, along chain: UInt32, of chains: PrefixChains, into row: inout MergedRow
    ) {
        guard slots.count > 0 else { return }
        var chain = chain
        while chain != 0 {
            for member in chains.ownMembers(of: chain) {
                for place in sparseRow(of: chains.members[member], in: slots).range {
                    row.add(sparseWords[place], at: sparseIndices[place])
                }
            }
            chain = chains.link(of: chain)
        }
    }
}
