/// Rules that come and go.
extension RuleDifference {
    /// What an edit means for the base.
    enum Effect {
        case none
        /// The steps of the rule with a number in the base are no more.
        case gone(UInt32)
        /// A step that the table has learnt is no more.
        case goneStep(Int)
        /// A step, of the base by its rank, is there again.
        case back(Int)
        /// A step is new: the table may learn it, or else ``add(_:_:in:)`` does.
        case new(RuleEdit.AddressPair)
        /// The difference cannot say.
        case tooMuch
    }

    /// Takes an edit into account.
    mutating func take(_ edit: RuleEdit, in pool: MergedMemory) -> Effect {
        switch edit.addresses {
        case .blocks(let addresses):
            edit.isInsertion
                ? insert(edit, addresses, in: pool) : remove(edit, addresses, in: pool)
        case .otherFamily: edit.isInsertion ? .none : remove(edit, nil, in: pool)
        case .unknown: .tooMuch
        }
    }

    private mutating func insert(
        _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair, in pool: MergedMemory
    ) -> Effect {
        for index in BitIndices(bits: goneSlots) {
            let slot = goneSlot(index)
            let number = pool.word(at: slot + 28)
            guard isAlike(slot, edit, addresses, pool), hasPlace(edit.step, of: number, pool) else {
                continue
            }
            goneSlots &= ~(1 << UInt64(index))
            pool.setWord(at: numbersNow + 4 * place(of: number), edit.step.rule)
            pool.setWord(at: numbersBefore + 4 * place(of: edit.step.rule), number)
            pool.setWord64(at: orders + 8 * place(of: number), edit.step.order.rawValue)
            return .back(Int(pool.word(at: ranks + 4 * place(of: number))))
        }
        for index in BitIndices(bits: learntSlots & ~presentSlots)
        where isAlike(learntSlot(index), edit, addresses, pool) {
            presentSlots |= 1 << UInt64(index)
            let step = pool.word64(at: learntSlot(index) + 40)
            write(edit, addresses, to: learntSlot(index), pool)
            pool.setWord64(at: learntSlot(index) + 40, step)
            return .back(Int(step))
        }
        return .new(addresses)
    }

    /// Adds a new rule that is tried beside the table; whether there was a slot.
    mutating func add(
        _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair, in pool: MergedMemory
    ) -> Bool {
        let index = (~newSlots).trailingZeroBitCount
        guard index < RuleDifference.slotCount else { return false }
        newSlots |= 1 << UInt64(index)
        write(edit, addresses, to: newSlot(index), pool)
        mark(index, as: true, pool)
        return true
    }

    /// Notes that the table has learnt a step.
    mutating func learn(
        _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair, as step: Int, in pool: MergedMemory
    ) {
        let index = (~learntSlots).trailingZeroBitCount
        precondition(index < RuleDifference.slotCount, "a table learns no more steps")
        learntSlots |= 1 << UInt64(index)
        presentSlots |= 1 << UInt64(index)
        write(edit, addresses, to: learntSlot(index), pool)
        pool.setWord64(at: learntSlot(index) + 40, UInt64(step))
    }

    /// Whether a step that comes is between the same rules of the base as the one that had a number there.
    private func hasPlace(_ step: RuleStep, of number: UInt32, _ pool: MergedMemory) -> Bool {
        // Numbers that the base has not are found by no answer.
        guard place(of: step.rule) < numberCount else { return false }
        let rank = pool.word(at: ranks + 4 * place(of: number))
        guard rank != RuleDifference.several else { return false }
        if let before = nextOrder(from: Int(rank), by: -1, pool), before >= step.order {
            return false
        }
        if let after = nextOrder(from: Int(rank), by: 1, pool), after <= step.order { return false }
        return true
    }

    /// The order of the next rule of the base that is there yet.
    private func nextOrder(from rank: Int, by step: Int, _ pool: MergedMemory) -> RuleOrder? {
        var rank = rank + step
        while 0..<stepCount ~= rank {
            let number = pool.word(at: numbers + 4 * rank)
            guard number != RuleStep.noRule else { return RuleOrder.platform }
            if numberNow(of: number, pool) != RuleDifference.gone { return order(of: number, pool) }
            rank += step
        }
        return nil
    }

    private mutating func remove(
        _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair?, in pool: MergedMemory
    ) -> Effect {
        let now = place(of: edit.step.rule)
        let number = pool.word(at: numbersBefore + 4 * now)
        guard now == numberCount || number == RuleStep.noRule else {
            return removeFromBase(number, edit, addresses, in: pool)
        }
        guard let addresses else { return .none }
        for index in BitIndices(bits: newSlots) {
            let slot = newSlot(index)
            guard pool.word(at: slot + 28) == edit.step.rule, isAlike(slot, edit, addresses, pool)
            else { continue }
            newSlots &= ~(1 << UInt64(index))
            mark(index, as: false, pool)
            return .none
        }
        for index in BitIndices(bits: presentSlots) {
            let slot = learntSlot(index)
            guard pool.word(at: slot + 28) == edit.step.rule, isAlike(slot, edit, addresses, pool)
            else { continue }
            presentSlots &= ~(1 << UInt64(index))
            return .goneStep(Int(pool.word64(at: slot + 40)))
        }
        // Of a rule with several steps the first to go has taken all of them.
        let wasTaken =
            now < numberCount && pool.word(at: ranks + 4 * now) == RuleDifference.several
            && pool.word(at: numbersNow + 4 * now) == RuleDifference.gone
        return wasTaken ? .none : .tooMuch
    }

    private mutating func removeFromBase(
        _ number: UInt32, _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair?,
        in pool: MergedMemory
    ) -> Effect {
        pool.setWord(at: numbersBefore + 4 * place(of: edit.step.rule), RuleStep.noRule)
        pool.setWord(at: numbersNow + 4 * place(of: number), RuleDifference.gone)
        guard let addresses else { return .gone(number) }
        let index = (~goneSlots).trailingZeroBitCount
        guard index < RuleDifference.slotCount else { return .tooMuch }
        goneSlots |= 1 << UInt64(index)
        write(edit, addresses, to: goneSlot(index), pool)
        pool.setWord(at: goneSlot(index) + 28, number)
        return .gone(number)
    }

    // MARK: Filters

    /// Sets or clears a slot's bit where a filter leads to its rule.
    private func mark(_ index: Int, as isNew: Bool, _ pool: MergedMemory) {
        let slot = newSlot(index)
        let (source, sourceMask) = (pool.word(at: slot), pool.word(at: slot + 4))
        let (destination, destinationMask) = (pool.word(at: slot + 8), pool.word(at: slot + 12))
        let (flags, ports) = (pool.word(at: slot + 16), pool.word(at: slot + 20))
        mark(index, as: isNew, in: 0, source >> 24...(source | ~sourceMask) >> 24, pool)
        mark(index, as: isNew, in: 1, secondOctets(source, sourceMask), pool)
        mark(
            index, as: isNew, in: 2, destination >> 24...(destination | ~destinationMask) >> 24,
            pool)
        mark(index, as: isNew, in: 3, secondOctets(destination, destinationMask), pool)
        mark(index, as: isNew, in: 4, flags & 0xFF...flags >> 8 & 0xFF, pool)
        mark(index, as: isNew, in: 5, ports >> 8 & 0xFF...ports >> 24, pool)
    }

    /// The second octets of a block's addresses.
    private func secondOctets(_ network: UInt32, _ mask: UInt32) -> ClosedRange<UInt32> {
        mask & 0xFF_0000 == 0
            ? 0...0xFF : network >> 16 & 0xFF...(network | ~mask) >> 16 & 0xFF
    }

    private func mark(
        _ index: Int, as isNew: Bool, in filter: Int, _ octets: ClosedRange<UInt32>,
        _ pool: MergedMemory
    ) {
        for octet in octets {
            let word = self.filter(filter) + 8 * Int(octet)
            let others = pool.word64(at: word) & ~(1 << UInt64(index))
            pool.setWord64(at: word, others | (isNew ? 1 : 0) << UInt64(index))
        }
    }
}
