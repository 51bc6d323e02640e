import CloudModel
import TestSupport
import Testing

@testable import FilterTables

/// What a trie should hold: a set of memberships, asked by searching it.
struct TrieModel {
    private(set) var memberships: Set<Membership> = []
    let family: AddressFamily

    init(_ family: AddressFamily) { self.family = family }

    /// Flips a random membership and says whether it is in now.
    mutating func flip(_ random: inout SeededGenerator) -> (Membership, isIn: Bool) {
        let membership: Membership
        if !memberships.isEmpty, random.oneIn(3) {
            membership = memberships.sorted()[Int.random(in: 0..<memberships.count, using: &random)]
        } else {
            membership = Membership(
                prefix: randomPrefix(&random), member: UInt32.random(in: 1...4, using: &random))
        }
        if memberships.remove(membership) != nil { return (membership, false) }
        memberships.insert(membership)
        return (membership, true)
    }

    /// The members that hold a key, each with its prefix length: the longest first.
    func chain(high: UInt64, low: UInt64) -> [Link] {
        let key = AddressPrefix(high: high, low: low, length: 128)
        return memberships.filter { $0.prefix.covers(key) }
            .map { Link(length: $0.prefix.length, member: $0.member) }
            .sorted { ($1.length, $0.member) < ($0.length, $1.member) }
    }

    /// Keys at the edges of all prefixes, and just outside.
    var edges: [TrieKey] {
        var keys: Set<TrieKey> = [TrieKey(high: 0, low: 0), TrieKey(high: .max, low: .max)]
        for membership in memberships {
            let prefix = membership.prefix
            let mask = TrieKey.mask(Int(prefix.length))
            let last = TrieKey(high: prefix.high | ~mask.high, low: prefix.low | ~mask.low)
            let (after, carry) = last.low.addingReportingOverflow(1)
            let (before, borrow) = prefix.low.subtractingReportingOverflow(1)
            keys.insert(TrieKey(high: prefix.high, low: prefix.low))
            keys.insert(last)
            keys.insert(TrieKey(high: last.high &+ (carry ? 1 : 0), low: after))
            keys.insert(TrieKey(high: prefix.high &- (borrow ? 1 : 0), low: before))
        }
        guard family == .ipv4 else { return Array(keys) }
        return keys.map { TrieKey(high: $0.high & 0xFFFF_FFFF_0000_0000, low: 0) }
    }

    /// A prefix whose bits are few and far between, so that prefixes nest and share octets.
    func randomPrefix(_ random: inout SeededGenerator) -> AddressPrefix {
        let bitCount = family.addressBitCount
        let length =
            random.oneIn(3) ? bitCount : Int.random(in: 0...bitCount, using: &random)
        let mask = TrieKey.mask(length)
        return AddressPrefix(
            high: random.next() & 0x0101_00FF_0303_00F1 & mask.high,
            low: random.next() & 0x0100_0000_0003_003F & mask.low, length: UInt8(length))
    }
}

/// One member of a class's chain and the length of the prefix at which it ends.
struct Link: Hashable {
    let length: UInt8
    let member: UInt32
}

extension BlockArena {
    /// The chain of a class, from the longest prefix on.
    func chain(ofClass line: UInt32) -> [Link] {
        var links: [Link] = []
        var block = BlockRef(line: line)
        while !block.isNone {
            for index in 0..<memory.memberCount(ofClass: block) {
                links.append(
                    Link(
                        length: memory.prefixLength(ofClass: block),
                        member: memory.member(ofClass: block, at: index)))
            }
            block = memory.parent(ofClass: block)
        }
        return links
    }

    /// The trie after one flip of a membership.
    func flipping(_ membership: Membership, isIn: Bool, _ trie: TrieEntry) -> TrieEntry {
        isIn
            ? Trie.adding(membership.member, at: membership.prefix, to: trie, in: self)
            : Trie.removing(membership.member, at: membership.prefix, from: trie, in: self)
    }

    /// The nodes of a trie as text, in which classes are told by their content.
    func shape(of entry: TrieEntry) -> String {
        switch entry.kind {
        case .leaf:
            return "\(chain(ofClass: entry.block.line).map { "\($0.member)/\($0.length)" })"
        case .skip:
            let words = (0..<4).map { String(memory.word64(entry.block, $0), radix: 16) }
            let depth = memory.word(entry.block, SkipLayout.depth)
            let match = shape(of: memory.entry(entry.block, SkipLayout.match))
            let otherwise = shape(of: memory.entry(entry.block, SkipLayout.otherwise))
            return "skip \(words) \(depth) (\(match)) else \(otherwise)"
        case .narrow, .wide:
            let entries = (0..<lineCount(of: entry.block) * 16).map {
                shape(of: memory.entry(entry.block, $0))
            }
            return "\(entry.kind)(\(entries.joined(separator: ",")))"
        }
    }

    /// Expects that every block below `tries` has the number of references that they hold.
    func expectExactCounts(
        below tries: [TrieEntry], _ location: SourceLocation = #_sourceLocation
    ) {
        var counts: [BlockRef: UInt32] = [:]
        var waiting = tries.map(\.block)
        while let block = waiting.popLast() {
            guard !block.isNone else { continue }
            counts[block, default: 0] += 1
            if counts[block] == 1 { waiting += references(from: block) }
        }
        for (block, count) in counts where memory.referenceCount(block) != count {
            Issue.record(
                "\(kind(of: block)) at \(block.line): \(memory.referenceCount(block)) counted, \(count) there",
                sourceLocation: location)
        }
        let lines = counts.keys.reduce(0) { $0 + lineCount(of: $1) }
        #expect(liveLineCount == lines, sourceLocation: location)
    }

    private func references(from block: BlockRef) -> [BlockRef] {
        switch kind(of: block) {
        case .addressClass: [memory.parent(ofClass: block)]
        case .trieSkip:
            [SkipLayout.match, SkipLayout.otherwise].map { memory.entry(block, $0).block }
        case .trieNode: (0..<lineCount(of: block) * 16).map { memory.entry(block, $0).block }
        default: []
        }
    }
}
