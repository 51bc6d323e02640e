package import CloudModel
package import FilterTables

/// Connection tracking for a fleet: which flows are known, and what that makes of a packet.
///
///     var sessions = Sessions(for: fleet, capacity: 1_048_576)
///     let packet = TrackedPacket(packet, at: interface, .ingress)
///     let judgement = sessions.judge(packet, at: time, stateless: outcome, &decider)
///
/// Flows belong to one of 256 shards by their unordered pair of addresses, whatever the number of
/// threads; a shard knows nothing of the others. See the article for the vendors' rules and for what
/// happens when room is short.
///
/// A value: a copy is a fork. One thread at a time, or one for each group of shards.
package struct Sessions: Sendable {
    package static let shardCount = 256
    /// The capacity that a replay has unless told otherwise.
    package static let standardCapacity = 1_048_576

    package private(set) var rules: SessionRules
    private(set) var shards: [SessionShard]
    /// What ``warmUp(for:)`` read. It means nothing; kept, it is read for certain.
    private var warmth: UInt64 = 0

    /// No sessions yet, and room for `capacity` flows.
    ///
    /// Each shard has its share of the room; if it cannot be divided the first shards have one more.
    ///
    /// - Precondition: `capacity` is not negative.
    package init(for fleet: Fleet, capacity: Int) {
        precondition(capacity >= 0)
        rules = SessionRules(fleet)
        let (share, rest) = capacity.quotientAndRemainder(dividingBy: Sessions.shardCount)
        shards = (0..<Sessions.shardCount).map { SessionShard(share: share + ($0 < rest ? 1 : 0)) }
    }

    /// What became of all sessions so far. Those that have been idle for too long count as live until
    /// that was noticed: see ``counts(at:)``.
    package var counts: SessionCounts {
        shards.reduce(into: SessionCounts()) { $0 += $1.counts }
    }

    /// What became of all sessions, those that have been idle for too long at `time` among the expired.
    ///
    /// - Complexity: O(places).
    package func counts(at time: SessionTime) -> SessionCounts {
        shards.reduce(into: SessionCounts()) { $0 += $1.counts(at: time, rules) }
    }

    /// How many places for flows there are, used and free.
    package var placeCount: Int { shards.reduce(0) { $0 + $1.records.count } }

    /// The bytes that a place takes, beside 4 to 8 for finding it.
    package static var bytesPerPlace: Int { MemoryLayout<SessionRecord>.stride }

    /// Judges a packet: see ``SessionShard/judge(_:at:stateless:_:_:)``.
    ///
    /// `decider` has the tables that gave `outcome`; it is asked only when a flow of AWS begins or
    /// rules have changed.
    package mutating func judge(
        _ packet: TrackedPacket, at time: SessionTime, stateless outcome: Outcome,
        _ decider: inout Decider
    ) -> Judgement {
        shards[packet.shard].judge(packet, at: time, stateless: outcome, rules, &decider)
    }

    /// The shard of the flow of a packet; for an ICMP error, of that which it quotes if it tells one.
    ///
    /// First fragments are kept in the shard of a packet that quotes none.
    package static func shard(of header: PacketHeader, quoting quoted: QuotedPacket? = nil) -> Int {
        if let quoted {
            let quotedHeader = PacketHeader(quoted.packet)
            if FlowEnds(quotedHeader) != nil { return FlowKey.shard(of: quotedHeader) }
        }
        return FlowKey.shard(of: header)
    }

    /// Looks at the records that packets are about to be judged by, so that these are near when it is
    /// their turn: the look-ups of several packets do not wait for one another.
    package mutating func warmUp(for packets: [TrackedPacket]) {
        var sum: UInt64 = 0
        for packet in packets { sum &+= shards[packet.shard].firstUse(hash: packet.bucketHash) }
        warmth = sum
    }

    /// Follows changes of the fleet at once: each session of the interfaces concerned is judged again.
    ///
    /// - Parameters:
    ///   - changes: what differs.
    ///   - interfaces: the places of the interfaces whose decisions can differ, those that are reached
    ///     through a reference among them. More than need be do no harm, but for the switch
    ///     `alibaba.sessionOnChange=flush`.
    ///   - places: the place of each interface that `changes` name.
    ///   - decider: has the tables as they are now.
    /// - Complexity: O(sessions) of the interfaces, and for each shard O(1) for each interface, or for
    ///   each that has sessions there if these are fewer.
    package mutating func follow(
        _ changes: [FleetChange], concerning interfaces: [Int],
        _ places: (NetworkInterfaceID) -> Int?, _ decider: inout Decider
    ) {
        for change in changes { follow(change, places) }
        guard !interfaces.isEmpty else { return }
        let concerned = Set(interfaces.map { UInt32($0) })
        for shard in shards.indices where !shards[shard].records.isEmpty {
            for interface in shards[shard].interfaces(among: concerned) {
                shards[shard].rejudge(interface: interface, rules, &decider)
            }
        }
    }

    /// What a change does whatever the rules say: an interface that carries no traffic has no sessions,
    /// nor has an address that it lost.
    private mutating func follow(
        _ change: FleetChange, _ places: (NetworkInterfaceID) -> Int?
    ) {
        switch change {
        case .statusChanged(let id, _, let status) where !status.carriesTraffic:
            guard let place = places(id) else { return }
            for shard in shards.indices { shards[shard].cut(interface: UInt32(place)) }
        case .addressesRemoved(let blocks, let id):
            guard let place = places(id) else { return }
            for shard in shards.indices {
                shards[shard].cut(interface: UInt32(place), addressesIn: blocks)
            }
        case .connectionTrackingChanged(let id, let settings):
            guard let place = places(id) else { return }
            rules.setTimeouts(settings, ofInterfaceAt: place)
        default:
            break
        }
    }
}
