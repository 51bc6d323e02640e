internal import CloudModel

extension RuleDifference {
    /// Gives a wide table's answers to a run the numbers that rules have now, and notes the packets that a rule which went
    /// has decided or that a new one may pass; returns how many these are.
    func translate(
        _ run: Range<Int>, of queries: Span<Query>, in outcomes: inout MutableSpan<Outcome>,
        _ pool: MergedMemory
    ) -> Int {
        var count = 0
        for place in run {
            let outcome = outcomes[place]
            let number = numberNow(of: outcome.ruleNumber, pool)
            outcomes[place] = Outcome(outcome.kind, ruleNumber: number)
            pool.setHalf(
                at: noted &+ count &<< 1, UInt16(truncatingIfNeeded: place &- run.lowerBound))
            let isNoted = slots(for: queries[place], pool) != 0 || number == RuleDifference.gone
            count &+= isNoted ? 1 : 0
        }
        return count
    }

    /// Notes the packets of a run that a new rule may pass; returns how many these are.
    func note(_ run: Range<Int>, of queries: Span<Query>, _ pool: MergedMemory) -> Int {
        var count = 0
        for place in run {
            pool.setHalf(
                at: noted &+ count &<< 1, UInt16(truncatingIfNeeded: place &- run.lowerBound))
            count &+= slots(for: queries[place], pool) != 0 ? 1 : 0
        }
        return count
    }

    /// The slots whose rules a packet may pass.
    @inline(__always)
    private func slots(for query: Query, _ pool: MergedMemory) -> UInt64 {
        let (source, destination) = (query.sourceWord, query.destinationWord)
        return slots(0, source &>> 24, pool) & slots(1, source &>> 16 & 0xFF, pool)
            & slots(2, destination &>> 24, pool) & slots(3, destination &>> 16 & 0xFF, pool)
            & slots(4, UInt32(query.ipProtocol), pool)
            & slots(5, UInt32(query.destinationPort &>> 8), pool)
    }

    @inline(__always)
    private func slots(_ filter: Int, _ octet: UInt32, _ pool: MergedMemory) -> UInt64 {
        pool.word64(at: self.filter(filter) &+ Int(octet) &<< 3)
    }

    /// The new rule that comes first of those that a packet passes: when, and what it answers.
    func firstNew(
        for query: Query, _ pool: MergedMemory
    ) -> (order: RuleOrder, outcome: Outcome)? {
        var first: Int?
        var least = RuleOrder.last
        for index in BitIndices(bits: slots(for: query, pool)) {
            let slot = newSlot(index)
            let order = RuleOrder(rawValue: pool.word64(at: slot + 32))
            guard order < least, passes(query, slot, pool) else { continue }
            least = order
            first = slot
        }
        return first.map { (least, pool.outcome(at: $0 + 40)) }
    }

    private func passes(_ query: Query, _ slot: Int, _ pool: MergedMemory) -> Bool {
        let flags = pool.word(at: slot + 16)
        let isKnown = query.flags.contains(.hasTransport)
        return (query.sourceWord ^ pool.word(at: slot)) & pool.word(at: slot + 4) == 0
            && (query.destinationWord ^ pool.word(at: slot + 8)) & pool.word(at: slot + 12) == 0
            && flags & 0xFF...flags >> 8 & 0xFF ~= UInt32(query.ipProtocol)
            && (flags & RuleTest.anyDestination != 0
                || isKnown && holds(query.destinationPort, pool.word(at: slot + 20)))
            && (flags & RuleTest.anySource != 0
                || isKnown && holds(query.sourcePort, pool.word(at: slot + 24)))
    }

    private func holds(_ port: UInt16, _ range: UInt32) -> Bool {
        range & 0xFFFF...range >> 16 ~= UInt32(port)
    }

    /// Settles a packet for which the base's answer, by its rules that are there yet, is `outcome`: `nil` when two
    /// rules come at once.
    func settled(_ outcome: Outcome, for query: Query, _ pool: MergedMemory) -> Outcome? {
        guard let new = firstNew(for: query, pool) else { return outcome }
        let order = orderNow(of: outcome, pool)
        if order == new.order { return nil }
        return order < new.order ? outcome : new.outcome
    }

    /// When an answer of the base, with its rule's number now, is given.
    private func orderNow(of outcome: Outcome, _ pool: MergedMemory) -> RuleOrder {
        guard outcome.ruleNumber != RuleStep.noRule else {
            return outcome.isDefaultStep ? .last : .platform
        }
        return orderNow(of: outcome.ruleNumber, pool)
    }
}
