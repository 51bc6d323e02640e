internal import CloudModel

/// Decides batches of queries against tables. Each thread has its own: it holds the memo and the room
/// that a look-up needs, 260 KiB in all.
///
/// ``decide(_:into:)`` allocates nothing, takes no lock and calls nothing through a protocol.
package struct Decider: ~Copyable {
    /// What decides.
    package let tables: FilterTables
    private var memo = Memo()
    private var scratch: MatchScratch
    /// Whether answers are recalled; turned off to measure the tables alone.
    private let usesMemo: Bool

    private static let stride = 64
    private var keys: [Memo.Key]
    private var headers: [ClassifiedHeader]

    /// A decider for `tables`.
    package init(_ tables: FilterTables, usesMemo: Bool = true) {
        self.tables = tables
        self.usesMemo = usesMemo
        scratch = MatchScratch(wordCount: tables.ruleTables.maximumWordCount)
        keys = Array(
            repeating: Memo.Key(
                policy: 0, peerClass: 0, localClass: 0, serviceClass: 0, sourceClass: 0),
            count: Decider.stride)
        headers = Array(
            repeating: ClassifiedHeader(
                peerClass: 0, localClass: 0, serviceKey: 0, sourcePort: 0, isIPv6: false),
            count: Decider.stride)
    }

    /// Forgets what was decided before.
    package mutating func emptyMemo() { memo.removeAll() }

    /// Writes the outcome of each query to the same place of `outcomes`.
    ///
    /// - Precondition: `outcomes` is at least as long as `queries`.
    /// - Complexity: O(1) a query when the memo knows its classes; see ``RuleTables`` otherwise.
    package mutating func decide(
        _ queries: Span<Query>, into outcomes: inout MutableSpan<Outcome>
    ) {
        var first = 0
        while first < queries.count {
            let end = min(first + Decider.stride, queries.count)
            // Stage by stage, so that loads of independent queries overlap.
            for place in first..<end { classify(queries[place], into: place - first) }
            for place in first..<end {
                outcomes[place] = outcome(of: queries[place], at: place - first)
            }
            first = end
        }
    }

    /// The outcome of one query. Where many are at hand, ``decide(_:into:)`` takes less time for each.
    package mutating func outcome(of query: Query) -> Outcome {
        classify(query, into: 0)
        return outcome(of: query, at: 0)
    }

    /// Fills slot `slot` with the classes of a query.
    @inline(__always)
    private mutating func classify(_ query: Query, into slot: Int) {
        let interface = tables.interfaces[Int(query.interface)]
        let isEgress = query.flags.contains(.egress)
        let isIPv6 = query.flags.contains(.ipv6)
        let trie = Int(interface.addressSpace) * 2 + (isIPv6 ? 1 : 0)
        let source = tables.tries[trie].value(high: query.sourceHigh, low: query.sourceLow)
        let destination = tables.tries[trie].value(
            high: query.destinationHigh, low: query.destinationLow)
        let isKnown = query.flags.contains(.hasTransport)
        let value = isKnown ? UInt32(query.destinationPort) : ServiceKey.unknownValue
        let header = ClassifiedHeader(
            peerClass: query.flags.contains(.unnamedPeer) ? 0 : isEgress ? destination : source,
            localClass: isEgress ? source : destination,
            serviceKey: tables.pages.key(ipProtocol: query.ipProtocol, value: value),
            sourcePort: isKnown ? UInt32(query.sourcePort) : ServiceKey.unknownValue,
            isIPv6: isIPv6)
        headers[slot] = header
        keys[slot] = Memo.Key(
            policy: interface.groupSet << 2 | (isEgress ? 1 : 0) | (isIPv6 ? 2 : 0),
            peerClass: header.peerClass, localClass: header.localClass,
            serviceClass: tables.portClasses.serviceClass(of: header.serviceKey),
            sourceClass: tables.portClasses.sourceClass(of: header.sourcePort))
    }

    @inline(__always)
    private mutating func outcome(of query: Query, at slot: Int) -> Outcome {
        switch tables.interfaces[Int(query.interface)].state {
        case .filtering: break
        case .notAttached: return Outcome(.drop, .interfaceNotAttached)
        case .withoutGroups: return Outcome(.none, .noGroup)
        }
        let isLaterFragment = query.flags.contains(.laterFragment)
        if isLaterFragment, tables.fragments == .drop { return Outcome(.drop, .fragment) }
        let outcome = outcomeOfGroups(at: slot)
        if isLaterFragment, outcome.isDefaultStep { return Outcome(outcome.verdict, .fragment) }
        return outcome
    }

    @inline(__always)
    private mutating func outcomeOfGroups(at slot: Int) -> Outcome {
        let key = keys[slot]
        if usesMemo, let known = memo.outcome(for: key) { return known }
        let outcome = firstMatch(policy: Int((key.policy >> 2) * 2 + key.policy & 1), at: slot)
        if usesMemo { memo.record(outcome, for: key) }
        return outcome
    }

    /// The first entry in decision order over all tables of a policy.
    private mutating func firstMatch(policy number: Int, at slot: Int) -> Outcome {
        let policy = tables.policies[number]
        let header = headers[slot]
        var best: RuleTables.Entry?
        for place in policy.tables {
            let table = tables.ruleTables.tables[Int(tables.tablesOfPolicies[place])]
            guard
                let match = tables.ruleTables.firstMatch(
                    in: table, of: header, chains: tables.chains, using: &scratch)
            else { continue }
            let entry = tables.ruleTables.entries[match]
            if best.map({ entry.order < $0.order }) ?? true { best = entry }
        }
        return best?.outcome ?? policy.defaultOutcome
    }
}
