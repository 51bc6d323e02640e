/// For the records of one world, which records of another are of the same flows.
///
/// Two worlds that see the same packets keep most flows both. Where a packet follows its flow's record in
/// one, its twin in the other is known without a look-up. As a trace is, a twin is a hint: whether the record
/// there is the flow's is looked at each time. Public for ``twin(of:)`` to be inlined, as ``Passage`` is.
public struct RecordTwins: Sendable {
    /// By the record's place in one world.
    @usableFromInline var twins: [Twin] = []

    /// Where a record's twin is.
    @usableFromInline
    struct Twin: Sendable {
        /// The trace to the record, without a side: the place can have had other flows since.
        @usableFromInline var former: UInt64
        /// The trace to its twin, without a side.
        @usableFromInline var latter: UInt64

        /// Of no record.
        static var none: Twin { Twin(former: RecordTrace.none.word, latter: RecordTrace.none.word) }
    }

    /// The bits of a trace that say from which end packets come.
    @usableFromInline static var sides: UInt64 { 3 &<< 62 }

    /// No twins.
    package init() {}

    /// Each record is its own twin: one world was just forked from the other, which is `sessions`.
    package init(of sessions: borrowing Sessions) {
        for index in 0..<sessions.table.records.count {
            let trace = sessions.ownTrace(ofRecordAt: index)
            twins.append(Twin(former: trace, latter: trace))
        }
    }

    /// A passage of one world as the other knows it: traced there if its twin is known.
    @inlinable
    public func twin(of passage: Passage) -> Passage {
        var twin = passage
        twin.trace = .none
        let (place, word) = (Int(passage.trace.record), passage.trace.word)
        guard place < twins.count, twins[place].former == word & ~RecordTwins.sides,
            twins[place].latter != RecordTrace.none.word
        else { return twin }
        twin.trace = RecordTrace(word: twins[place].latter | word & RecordTwins.sides)
        return twin
    }

    /// Notes the record of the other world, or none, that is the twin of the one that `trace` leads to.
    ///
    /// - Precondition: both traces are of one packet.
    package mutating func note(_ twin: RecordTrace, of trace: RecordTrace) {
        guard trace.isKnown else { return }
        let place = Int(trace.record)
        if place >= twins.count {
            twins += repeatElement(.none, count: place + 1 - twins.count)
        }
        twins[place] = Twin(
            former: trace.word & ~RecordTwins.sides, latter: twin.word & ~RecordTwins.sides)
    }
}
