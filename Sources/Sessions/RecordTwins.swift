/// For the records of one world, which records of another are of the same flows.
///
/// Two worlds that see the same packets keep most flows both. Where a packet follows its flow's record in
/// one, its twin in the other is known without a look-up. As a trace is, a twin is a hint: whether the record
/// there is the flow's is looked at each time. Public for ``twin(of:)`` to be inlined, as ``Passage`` is.
public struct RecordTwins: Sendable {
    /// By the record's place in one world, that of its twin in the other, or no place.
    @usableFromInline var places: [UInt32] = []

    /// No twins.
    package init() {}

    /// Each record is its own twin: one world was just forked from the other, which is `sessions`.
    package init(of sessions: borrowing Sessions) {
        places = (0..<UInt32(sessions.table.records.count)).map { $0 }
    }

    /// A passage of one world as the other knows it: traced there if its twin is known.
    @inlinable
    public func twin(of passage: Passage) -> Passage {
        var twin = passage
        let place = Int(passage.trace.record)
        twin.trace.record = place < places.count ? places[place] : UInt32.max
        return twin
    }

    /// Notes the record of the other world, or none, that is the twin of the one that `trace` leads to.
    package mutating func note(_ twin: RecordTrace, of trace: RecordTrace) {
        guard trace.isKnown else { return }
        let place = Int(trace.record)
        if place >= places.count {
            places += repeatElement(FlowTable.none, count: place + 1 - places.count)
        }
        places[place] = twin.record
    }
}
