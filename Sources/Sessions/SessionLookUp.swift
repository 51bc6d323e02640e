/// Packets whose records are looked for, and where their buckets begin.
///
/// Most buckets and records are far from the processor. They are asked for step by step, all packets' buckets and then
/// all records, so that no load waits for another one of its step. In memory that is used again and again.
struct SessionLookUp {
    private(set) var packets: [TrackedPacket] = []
    /// For each packet the place of the first record in its bucket, or no place; before they are found the hash that
    /// tells the bucket.
    private(set) var heads: [UInt32] = []
    /// What was read for no other reason than to have it near.
    private var read: UInt64 = 0

    /// Forgets all packets.
    mutating func begin() {
        packets.removeAll(keepingCapacity: true)
        heads.removeAll(keepingCapacity: true)
    }

    /// Adds a packet.
    @inline(__always)
    mutating func append(_ packet: TrackedPacket) {
        packets.append(packet)
        heads.append(packet.bucketHash)
    }

    /// Finds where the packets' buckets begin, and fetches the records there.
    mutating func findHeads(in table: borrowing FlowTable) {
        SessionLookUp.findHeads(&heads, in: table)
        for head in heads { read |= table.read(head) }
    }

    /// Replaces hashes by the heads of their buckets.
    private static func findHeads(_ heads: inout [UInt32], in table: borrowing FlowTable) {
        var heads = heads.mutableSpan
        for number in heads.indices { heads[number] = table.head(hash: heads[number]) }
    }
}
