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
            guard passage.trace.isKnown, goesOn(passage, headers[Int(passage.frame)])
            else { return place }
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
        return RecordTrace(
            record: judgement.session, shard: packet.flow.shard,
            isFromLower: packet.flow.isFromLower)
    }

    @inline(__always)
    private func trace(of packet: TrackedPacket) -> RecordTrace {
        RecordTrace(
            record: likelySession(of: packet), shard: packet.flow.shard,
            isFromLower: packet.flow.isFromLower)
    }

    @inline(__always)
    private mutating func goesOn(_ passage: Passage, _ header: PacketHeader) -> Bool {
        let packet = TrackedPacket(following: passage, header)
        return isLikely(table.records[Int(passage.trace.record)], packet)
            && goesOn(packet, passage.trace.record)
    }
}
