/// Tables that go on deciding while rules come and go.
extension MergedBook {
    /// What a table that is not made anew is told apart from the tables by.
    struct Base {
        /// Keeps the blocks that the table is made of.
        let version: TableVersion
        let reader: TableReader
        var difference: RuleDifference
    }

    /// Goes on from one version to another: tables that only rules have changed go on deciding, as of what they
    /// were made of, beside what came and went since.
    mutating func follow(_ tables: FilterTables, from before: FilterTables) {
        guard let edits = tables.history.edits(since: before.history) else { return breakOff() }
        for edit in edits {
            for place in entries.indices where entries[place].isMade && entries[place].isCurrent {
                follow(edit, ofTableAt: place, from: before)
            }
        }
    }

    /// Goes on to a version that is not known to differ in rules alone.
    private mutating func breakOff() {
        for place in entries.indices {
            // What has a base does not follow tries any more.
            if entries[place].base != nil { entries[place].unmake() }
            entries[place].isCurrent = false
        }
    }

    private mutating func follow(
        _ edit: RuleEdit, ofTableAt place: Int, from before: FilterTables
    ) {
        for table in 0..<entries[place].tableCount
        where entries[place].stamps[table] == edit.stampBefore {
            if entries[place].base == nil {
                entries[place].base = makeBase(ofTableAt: place, before)
            }
            entries[place].stamps[table] = edit.stampAfter
            entries[place].decisionsSinceEdit = 0
            let effect = entries[place].base?.difference.take(edit, in: pool) ?? .tooMuch
            if !apply(effect, of: edit, toTableAt: place) { entries[place].unmake() }
            return move(place)
        }
    }

    /// No difference yet, of a table that is as in a version; `nil` if there is none, or no room.
    private mutating func makeBase(ofTableAt place: Int, _ before: FilterTables) -> Base? {
        if entries[place].merged != nil {
            guard entries[place].merged?.beginEditing(&room, in: pool) == true else { return nil }
        }
        let entry = entries[place]
        let steps =
            entry.merged.map { ($0.outcomes, $0.stepCount) }
            ?? entry.wide.map { ($0.outcomes, $0.stepCount) }
        guard let (outcomes, stepCount) = steps,
            let difference = RuleDifference(
                entry.tables, outcomes: outcomes, stepCount: stepCount, before.memory, &room,
                in: pool)
        else { return nil }
        entries[place].merged?.setOrders(from: difference, in: pool)
        return Base(
            version: before.version, reader: TableReader(before.version), difference: difference)
    }

    /// Has a merged table be as an edit makes it, as far as rules of its base are concerned; whether it can be.
    private mutating func apply(
        _ effect: RuleDifference.Effect, of edit: RuleEdit, toTableAt place: Int
    ) -> Bool {
        switch effect {
        case .none: return true
        case .tooMuch: return false
        case .gone(let number):
            guard let merged = entries[place].merged, let base = entries[place].base else {
                return true
            }
            return base.difference.ranks(of: number, pool).allSatisfy {
                merged.removeStep($0, &room, in: pool)
            }
        case .goneStep(let step):
            return entries[place].merged?.removeStep(step, &room, in: pool) ?? false
        case .back(let step):
            entries[place].merged?.restoreStep(step, as: edit.step, in: pool)
            return true
        case .new(let addresses): return add(edit, addresses, toTableAt: place)
        }
    }

    /// Has a table learn a step, or the difference if the table cannot.
    private mutating func add(
        _ edit: RuleEdit, _ addresses: RuleEdit.AddressPair, toTableAt place: Int
    ) -> Bool {
        let adding = entries[place].merged?.addStep(
            edit.step, addresses, isEgress: edit.isEgress, &room, in: pool)
        switch adding {
        case .added(let step):
            entries[place].base?.difference.learn(edit, addresses, as: step, in: pool)
            return true
        case .impossible, nil:
            return entries[place].base?.difference.add(edit, addresses, in: pool) ?? false
        case .noRoom: return false
        }
    }

    /// Puts an entry where its stamps are looked for.
    private mutating func move(_ place: Int) {
        let target = Entry.place(ofStamps: entries[place].stamps, count: entries[place].tableCount)
        guard target != place else { return }
        entries[target] = entries[place]
        entries[place] = Entry()
    }
}
