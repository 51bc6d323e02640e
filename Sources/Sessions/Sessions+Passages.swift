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
    package func find(
        _ places: [Int], _ passages: inout [Passage], of headers: [PacketHeader],
        _ unanswered: inout [Int]
    ) {
        var passages = passages.mutableSpan
        for place in places {
            let header = headers[Int(passages[place].frame)]
            // What quotes a packet is no member of its flow: no session is used by it.
            let trace =
                header.has(PacketHeader.Trait.quote)
                ? .none : trace(of: TrackedPacket(header, quoting: nil, passages[place]))
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
        for place in places {
            let passage = passages[place]
            let header = headers[Int(passage.frame)]
            if justGoesOn(passage, header) || goesOn(passage, header) { continue }
            return place
        }
        return places.upperBound
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

    @inline(__always)
    private func trace(of packet: TrackedPacket) -> RecordTrace {
        let index = likelySession(of: packet)
        return index == FlowTable.none ? .none : trace(of: packet, to: index)
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

    /// Whether a passage, whose packet has neither SYN nor FIN nor RST, leads to a live session of which nothing but
    /// the times change, which then goes on: most packets of a capture are so.
    @inline(__always)
    private mutating func justGoesOn(_ passage: Passage, _ header: PacketHeader) -> Bool {
        let index = Int(passage.trace.record)
        guard table.records.holds(index), !ConnectionFlags.canChangePhase(header) else {
            return false
        }
        let record = table.records[index]
        guard record.isSteady(along: passage.trace), !rules.isIdle(record, at: passage.time) else {
            return false
        }
        tick(inShard: passage.trace.shard, at: passage.time)
        table.records[index].goOn(at: passage.time, useCount)
        return true
    }

    /// Whether a passage leads to a live session, which then goes on.
    @inline(never)
    private mutating func goesOn(_ passage: Passage, _ header: PacketHeader) -> Bool {
        guard passage.trace.isKnown else { return false }
        let packet = TrackedPacket(following: passage, header)
        return isLikely(table.records[Int(passage.trace.record)], packet)
            && goesOn(packet, passage.trace.record)
    }
}
