package import CloudModel
package import FilterTables

/// Packets whose flows' records are known by their place: most packets of a capture follow another one of
/// their flow, and a look at one record is all that they take.
///
///     passages.trace ──▶ record ── is the flow's, lives? ──▶ goes on
///                                  else, or no trace     ──▶ judged as any packet, and traced
extension Sessions {
    /// Looks for the live sessions of the passages at `places`, and traces those that it finds. The others are
    /// appended to `unanswered`: the tables are to be asked about them.
    package mutating func find(
        _ places: [Int], _ passages: inout [Passage], of headers: [PacketHeader],
        _ unanswered: inout [Int]
    ) {
        lookUp.begin()
        for place in places {
            let passage = passages[place]
            lookUp.append(TrackedPacket(headers[Int(passage.frame)], passage))
        }
        lookUp.findHeads(in: table)
        for (number, place) in places.enumerated() {
            let passage = passages[place]
            // What quotes a packet is no member of its flow: no session is used by it.
            let isQuote = headers[Int(passage.frame)].has(PacketHeader.Trait.quote)
            let trace =
                isQuote
                ? .none : trace(of: lookUp.packets[number], from: lookUp.heads[number])
            passages[place].trace = trace
            if !trace.isKnown { unanswered.append(place) }
        }
    }

    /// Goes on with the sessions of the passages at `places`, up to the first that has to be judged otherwise;
    /// the result is its place, or the end of `places`.
    package mutating func goOn(
        _ places: Range<Int>, _ passages: [Passage], of headers: [PacketHeader]
    ) -> Int {
        let (passages, headers) = (passages.span, headers.span)
        var place = places.lowerBound
        while true {
            place = justGoOn(place..<places.upperBound, passages, headers)
            guard place < places.upperBound, passages[place].trace.isKnown,
                goesOn(passages[place], headers[Int(passages[place].frame)])
            else { return place }
            place += 1
        }
    }

    /// Goes on with the session of a passage of the packet of `header`; the result is whether it did.
    package mutating func goOn(_ passage: Passage, of header: PacketHeader) -> Bool {
        let isChange = ConnectionFlags.canChangePhase(header)
        return !isChange && justGoesOn(passage)
            || passage.trace.isKnown && goesOn(passage, header)
    }

    /// Judges one passage of a packet, which the tables answered with `outcome`, and traces its flow.
    package mutating func judge(
        _ passage: inout Passage, of header: PacketHeader, quoting quoted: QuotedPacket?,
        stateless outcome: Outcome, _ decider: inout Decider
    ) -> Judgement {
        let packet = TrackedPacket(header, quoting: quoted, passage)
        let judgement = judge(packet, stateless: outcome, &decider)
        passage.trace = trace(of: packet, judged: judgement)
        return judgement
    }

    /// A trace of the flow of a packet that a session answers for, or began with.
    @inline(__always)
    private func trace(of packet: TrackedPacket, judged judgement: Judgement) -> RecordTrace {
        guard judgement.session != FlowTable.none, case .accept = judgement.outcome.verdict,
            isLikely(table.records[Int(judgement.session)], packet)
        else { return .none }
        return trace(of: packet, to: judgement.session)
    }

    /// A trace of the flow of a packet to a record behind `head` in its bucket, if a session is there.
    @inline(__always)
    private func trace(of packet: TrackedPacket, from head: UInt32) -> RecordTrace {
        guard packet.flow.role == .member else { return .none }
        let index = table.index(of: packet.key, from: head)
        guard index != FlowTable.none, isLikely(table.records[Int(index)], packet) else {
            return .none
        }
        return trace(of: packet, to: index)
    }

    /// The trace of a packet's flow to its record.
    @inline(__always)
    private func trace(of packet: TrackedPacket, to index: UInt32) -> RecordTrace {
        table.records[Int(index)].trace(
            at: index, shard: packet.flow.shard, isFromLower: packet.flow.isFromLower)
    }

    /// The bits of a trace to the record at a place, without a side.
    func ownTrace(ofRecordAt index: Int) -> UInt64 {
        let key = table.records[index].key
        let trace = table.records[index].trace(
            at: UInt32(index), shard: FlowKey.shard(ofHash: key.addressHash), isFromLower: true)
        return trace.word & ~RecordTwins.sides
    }

    /// Goes on with the sessions of the passages at `places` of which nothing changes but the times, as most are,
    /// up to the first that has to be looked at more closely; the result is its place, or the end of `places`.
    ///
    /// Not inlined: it needs all registers.
    @inline(never)
    private mutating func justGoOn(
        _ places: Range<Int>, _ passages: Span<Passage>, _ headers: Span<PacketHeader>
    ) -> Int {
        precondition(places.lowerBound >= 0 && places.upperBound <= passages.count)
        var place = places.lowerBound
        while place < places.upperBound {
            let passage = passages[place]
            let isChange = ConnectionFlags.canChangePhase(headers[Int(passage.frame)])
            guard !isChange, justGoesOn(passage) else { return place }
            place &+= 1
        }
        return place
    }

    /// Whether a passage of a packet without SYN, FIN and RST leads to a live session of which it changes nothing but
    /// the times.
    @inline(__always)
    private mutating func justGoesOn(_ passage: Passage) -> Bool {
        let index = Int(passage.trace.record)
        guard table.records.holds(index) else { return false }
        let record = table.records[index]
        guard record.isSteady(along: passage.trace), !rules.isIdle(record, at: passage.time) else {
            return false
        }
        tick(inShard: passage.trace.shard, at: passage.time)
        table.records[index].goOn(at: passage.time, useCount)
        return true
    }

    /// Whether a passage leads to a live session, which then goes on.
    ///
    /// - Precondition: the passage has a trace.
    @inline(never)
    private mutating func goesOn(_ passage: Passage, _ header: PacketHeader) -> Bool {
        let packet = TrackedPacket(following: passage, header)
        return isLikely(table.records[Int(passage.trace.record)], packet)
            && goesOn(packet, passage.trace.record)
    }
}
