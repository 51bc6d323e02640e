internal import CloudModel

/// Rules of groups.
extension TableEditor {
    /// Adds a rule to a group's table, unless nothing can match it.
    mutating func add(_ rule: SecurityGroupRule, toGroup group: Int) {
        guard let form = books.tableRule(for: rule) else {
            books.wait(for: rule, inGroup: group)
            return
        }
        let number = books.ruleNumbers.take()
        setRecord(
            .rules, Int(number),
            to: RuleRecord.make(rule.id, group: UInt32(group), rule.direction, in: arena))
        books.groups[group].numberOfRule[rule.id] = number
        insert(form, .custom(rule.policy, number), inGroup: group, rule.direction)
    }

    /// Removes a rule from a group's table, and gives the number that it had there.
    mutating func remove(_ rule: SecurityGroupRule, fromGroup group: Int) -> Int? {
        guard let form = books.tableRule(for: rule),
            let number = books.groups[group].numberOfRule.removeValue(forKey: rule.id)
        else {
            books.stopWaiting(for: rule, inGroup: group)
            return nil
        }
        remove(form, .custom(rule.policy, number), fromGroup: group, rule.direction)
        setRecord(.rules, Int(number), to: .none)
        books.ruleNumbers.giveBack(number)
        return Int(number)
    }

    /// Puts a rule in the place of one with its id and direction, under the same number if both can
    /// match something. Gives the number that ended, if one did.
    mutating func replace(
        _ old: SecurityGroupRule, by new: SecurityGroupRule, inGroup group: Int
    ) -> Int? {
        guard let number = books.groups[group].numberOfRule[old.id],
            let oldForm = books.tableRule(for: old), let newForm = books.tableRule(for: new)
        else {
            let ended = remove(old, fromGroup: group)
            add(new, toGroup: group)
            return ended
        }
        guard oldForm != newForm || old.policy != new.policy else { return nil }
        remove(oldForm, .custom(old.policy, number), fromGroup: group, old.direction)
        insert(newForm, .custom(new.policy, number), inGroup: group, new.direction)
        return nil
    }

    // MARK: Steps

    /// Puts a rule of any kind into a table of a group.
    mutating func insert(
        _ rule: TableRule, _ answer: StepAnswer, inGroup group: Int, _ direction: Direction
    ) {
        let space = books.groups[group].space
        let pair = SelectorPair(
            peer: use(rule.peer, inSpace: space), local: use(rule.local, inSpace: space))
        for test in rule.tests { cut(for: test) }
        let names = RuleNames(records: memory.vector(.rules, of: root))
        let record = ownedRecord(.groups, group)
        let word = GroupRecord.table(isEgress: direction == .egress)
        var table = RuleTable(BlockRef(line: memory.word(record, word)))
        for test in rule.tests {
            let before = table.stamp(in: memory)
            let step = answer.step(rule.order, test)
            table = table.inserting(step, for: pair, names, in: arena)
            note(step, of: rule, direction, isInsertion: true, from: before, to: table)
        }
        memory.setWord(record, word, table.block.line)
    }

    /// Takes a rule of any kind out of a table of a group.
    mutating func remove(
        _ rule: TableRule, _ answer: StepAnswer, fromGroup group: Int, _ direction: Direction
    ) {
        let space = books.groups[group].space
        // In the opposite order of `insert`, so that numbers come back as they were given out.
        let local = disuse(rule.local, inSpace: space)
        let peer = disuse(rule.peer, inSpace: space)
        let pair = SelectorPair(peer: peer.id, local: local.id)
        let names = RuleNames(records: memory.vector(.rules, of: root))
        let record = ownedRecord(.groups, group)
        let word = GroupRecord.table(isEgress: direction == .egress)
        var table = RuleTable(BlockRef(line: memory.word(record, word)))
        for test in rule.tests {
            let before = table.stamp(in: memory)
            let step = answer.step(rule.order, test)
            table = table.removing(step, for: pair, names, in: arena)
            note(step, of: rule, direction, isInsertion: false, from: before, to: table)
        }
        memory.setWord(record, word, table.block.line)
        for test in rule.tests { join(after: test) }
        if local.isLast { removeAddresses(of: rule.local, local.id, inSpace: space) }
        if peer.isLast { removeAddresses(of: rule.peer, peer.id, inSpace: space) }
    }

    /// Notes in the history what became of a table, for readers that know the one before.
    private mutating func note(
        _ step: RuleStep, of rule: TableRule, _ direction: Direction, isInsertion: Bool,
        from stampBefore: UInt64, to table: RuleTable
    ) {
        let isEgress = direction == .egress
        let addresses =
            step.rule == RuleStep.noRule
            ? RuleAddresses.unknown : RuleAddresses(rule, isEgress: isEgress)
        let edit = RuleEdit(
            stampBefore: stampBefore, stampAfter: table.stamp(in: memory),
            isInsertion: isInsertion, isEgress: isEgress, step: step, addresses: addresses)
        history.append(edit)
    }

    private mutating func use(_ test: TableRule.AddressTest, inSpace space: Int) -> SelectorID {
        switch test {
        case .any: WideSelector.any
        case .anyIPv4: WideSelector.anyIPv4
        case .anyIPv6: WideSelector.anyIPv6
        case .selector(let selector): use(selector, inSpace: space)
        }
    }

    /// Takes a rule from those that name a selector. Where it was the last, the selector's addresses are to
    /// be removed when no table has it any more.
    private mutating func disuse(
        _ test: TableRule.AddressTest, inSpace space: Int
    ) -> (id: SelectorID, isLast: Bool) {
        switch test {
        case .any: (WideSelector.any, false)
        case .anyIPv4: (WideSelector.anyIPv4, false)
        case .anyIPv6: (WideSelector.anyIPv6, false)
        case .selector(let selector): books.disuse(selector, inSpace: space)
        }
    }

    private mutating func removeAddresses(
        of test: TableRule.AddressTest, _ id: SelectorID, inSpace space: Int
    ) {
        guard case .selector(let selector) = test else { return }
        removeAddresses(of: selector, id, inSpace: space)
    }

    // MARK: Labels
    //
    // A book is changed in a statement of its own: within a call of `self` it would be copied.

    private mutating func cut(for test: RuleTest) {
        if let range = test.destinationRange {
            let cuts = books.destinationCuts.add(range)
            cut(cuts, RootLayout.destinationLabels)
        }
        if let range = test.sourceRange {
            let cuts = books.sourceCuts.add(range)
            cut(cuts, RootLayout.sourceLabels)
        }
    }

    private mutating func join(after test: RuleTest) {
        if let range = test.destinationRange {
            let cuts = books.destinationCuts.remove(range)
            join(cuts, RootLayout.destinationLabels)
        }
        if let range = test.sourceRange {
            let cuts = books.sourceCuts.remove(range)
            join(cuts, RootLayout.sourceLabels)
        }
    }

    private func cut(_ cuts: CutBook.Cuts, _ word: Int) {
        for case .some(let cut) in [cuts.lower, cuts.upper] {
            let labels = PortLabels.cutting(at: cut, in: memory.entry(root, word), arena: arena)
            memory.setEntry(root, word, labels)
        }
    }

    private func join(_ cuts: CutBook.Cuts, _ word: Int) {
        for case .some(let cut) in [cuts.lower, cuts.upper] {
            let labels = PortLabels.joining(at: cut, in: memory.entry(root, word), arena: arena)
            memory.setEntry(root, word, labels)
        }
    }
}

/// What a rule of any kind answers to packets that match it.
enum StepAnswer {
    case custom(Policy, UInt32)
    case implicit(StepOutcome)

    /// The step with one of the rule's tests.
    func step(_ order: RuleOrder, _ test: RuleTest) -> RuleStep {
        switch self {
        case .custom(let policy, let number): RuleStep(order, policy, byRule: number, test)
        case .implicit(let outcome): RuleStep(order, outcome, test)
        }
    }
}

extension RuleTest {
    /// The destination values that pass, `nil` if all do, known or not.
    var destinationRange: ClosedRange<UInt16>? {
        flags & RuleTest.anyDestination != 0 ? nil : RuleTest.range(destination)
    }

    /// The source ports that pass, `nil` if all do, known or not.
    var sourceRange: ClosedRange<UInt16>? {
        flags & RuleTest.anySource != 0 ? nil : RuleTest.range(source)
    }

    private static func range(_ word: UInt32) -> ClosedRange<UInt16> {
        UInt16(truncatingIfNeeded: word)...UInt16(truncatingIfNeeded: word >> 16)
    }
}
