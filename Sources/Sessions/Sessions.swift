package import CloudModel

/// Connection tracking for a fleet: which flows are known, and what that makes of packets.
///
///     var sessions = Sessions(for: fleet, capacity: 1_048_576)
///     sessions.find(places, &passages, of: headers, &unanswered)   // about these the tables are asked
///     sessions.goOn(passages.indices, passages, of: headers)       // the place of one that is judged
///     sessions.judge(&passages[place], of: headers[frame], …)
///
/// Flows belong to one of 256 shards by their unordered pair of addresses, whatever the number of
/// threads; a shard knows nothing of the others. See the article for the vendors' rules and for what
/// happens when room is short.
///
/// One thread at a time; each thread has its own, for some of the shards. Once grown to what it needs,
/// it allocates nothing.
package struct Sessions: ~Copyable {
    package static let shardCount = 256
    /// The capacity that a replay has unless told otherwise.
    package static let standardCapacity = 1_048_576

    package internal(set) var rules: SessionRules
    /// What became of all sessions so far. Those that have been idle for too long count as live until
    /// that was noticed: see ``counts(at:)``.
    package internal(set) var counts = SessionCounts()

    var table: FlowTable
    var shards: [SessionShard]
    /// For each shard a clock to find expired records by: never ahead of the last packet, and at most a
    /// second ahead of where it was at the packet before. One absurd time moves it by a second. Ahead
    /// of all times until the first packet.
    var clocks = InlineArray<256, SessionTime>(repeating: .latest)
    /// How many packets used a record.
    var useCount: UInt64 = 0
    /// What is looked for at the moment.
    var lookUp = SessionLookUp()

    /// No sessions yet, and room for `capacity` flows.
    ///
    /// Each shard has its share of the room; if it cannot be divided the first shards have one more.
    ///
    /// - Precondition: `capacity` is not negative.
    package init(for fleet: Fleet, capacity: Int) {
        precondition(capacity >= 0)
        rules = SessionRules(fleet)
        table = FlowTable(interfaceCount: fleet.networkInterfaces.count)
        let (share, rest) = capacity.quotientAndRemainder(dividingBy: Sessions.shardCount)
        shards = (0..<Sessions.shardCount).map { SessionShard(share: share + ($0 < rest ? 1 : 0)) }
    }

    /// The same sessions in another world: what happens to them there does not concern these.
    ///
    /// - Complexity: O(places).
    package func fork() -> Sessions { Sessions(forking: self) }

    private init(forking other: borrowing Sessions) {
        rules = other.rules
        counts = other.counts
        table = FlowTable(copying: other.table)
        shards = other.shards
        clocks = other.clocks
        useCount = other.useCount
    }

    /// What became of all sessions, those that have been idle for too long at `time` among the expired.
    ///
    /// - Complexity: O(places).
    package func counts(at time: SessionTime) -> SessionCounts {
        var counts = counts
        for index in 0..<table.records.count {
            let record = table.records[index]
            if record.state == .tracked, rules.isIdle(record, at: time) { counts.expired += 1 }
        }
        return counts
    }

    /// How many places for flows there are, used and free.
    package var placeCount: Int { shards.reduce(0) { $0 + $1.placeCount } }

    /// The bytes that a place takes, beside 20 to 28 for finding it.
    package static var bytesPerPlace: Int { MemoryLayout<SessionRecord>.stride }

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
}
