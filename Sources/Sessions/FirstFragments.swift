package import CloudModel
package import FilterTables

/// A datagram at one interface in one direction.
package struct FragmentKey: Hashable, Sendable {
    let source: IPAddress
    let destination: IPAddress
    let ipProtocol: IPProtocol
    let identification: UInt32
    let interface: Int
    let direction: Direction

    /// The datagram that `fragment` of `packet` belongs to. `ipProtocol` is the one that all fragments
    /// of the datagram agree on.
    package init(
        _ packet: Packet, _ fragment: Fragment, _ ipProtocol: IPProtocol, at interface: Int,
        _ direction: Direction
    ) {
        source = packet.source
        destination = packet.destination
        self.ipProtocol = ipProtocol
        identification = fragment.identification
        self.interface = interface
        self.direction = direction
    }

    /// By what differs from datagram to datagram, in three words: fragments are not so rare that a step for each
    /// field would not show.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(UInt64(identification) &<< 32 | UInt64(truncatingIfNeeded: interface))
        hasher.combine(source.high ^ source.low)
        hasher.combine(destination.high ^ destination.low)
    }

    /// The shard of the flows between the datagram's addresses.
    fileprivate var shard: Int { FlowKey.shard(of: source, destination) }
}

/// What became of the first fragments of datagrams, for the later ones that have no ports.
///
/// Sharded as ``Sessions`` are, by the unordered pair of addresses. A shard keeps the outcomes of its
/// last 256 first fragments: in all at most about 10 MiB, and nothing before the first fragment.
package struct FirstFragments: Sendable {
    private static let capacityOfShard = 256
    private var shards = Array(
        repeating: FragmentShard(capacity: FirstFragments.capacityOfShard),
        count: Sessions.shardCount)

    /// No datagrams yet.
    package init() {}

    /// What became of the datagram's first fragment, if it is still known.
    package func answer(for key: FragmentKey) -> FragmentAnswer? {
        shards[key.shard].answer(for: key)
    }

    /// Keeps the outcome of a first fragment.
    package mutating func remember(_ outcome: Outcome, for key: FragmentKey) {
        shards[key.shard].remember(outcome, for: key)
    }

    /// Keeps the names that `tables` have for rules that ended: what they decided stands, and their
    /// numbers can come to mean others.
    ///
    /// - Complexity: O(fragments remembered), if any rule ended.
    package mutating func keepNames(ofRules endedRules: [Int], in tables: FilterTables) {
        guard !endedRules.isEmpty else { return }
        for shard in shards.indices where !shards[shard].isEmpty {
            shards[shard].keepNames(ofRules: endedRules, in: tables)
        }
    }
}
