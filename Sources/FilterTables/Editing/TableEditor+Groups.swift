internal import CloudModel

/// Groups and their implicit steps.
extension TableEditor {
    /// Adds a group without members, and the rules that waited for it.
    mutating func add(_ group: SecurityGroup) {
        let number = books.enter(group)
        setRecord(
            .groups, number,
            to: GroupRecord.make(
                group.id,
                ingress: RuleTable(books.defaultStep(ofGroup: number, .ingress), in: arena),
                egress: RuleTable(books.defaultStep(ofGroup: number, .egress), in: arena),
                in: arena))
        for direction in Direction.allCases {
            let (outcome, steps) = PlatformSteps.steps(direction, books.facts)
            for step in steps { insert(step, .implicit(outcome), inGroup: number, direction) }
            if books.isOpenInside(number, direction) { openInside(number, direction) }
        }
        for rule in group.rules { add(rule, toGroup: number) }
        for waiting in books.takeRules(waitingFor: group.id) {
            add(waiting.rule, toGroup: waiting.group)
        }
    }

    /// Removes a group without members, and gives the numbers of its rules.
    mutating func remove(_ group: SecurityGroup) -> [Int] {
        let number = books.numberOfKnown(group.id)
        // In the opposite order of `add`, so that numbers come back as they were given out.
        let endedRules = group.rules.reversed().compactMap { remove($0, fromGroup: number) }
        for direction in Direction.allCases.reversed() {
            if books.isOpenInside(number, direction) { closeInside(number, direction) }
            let (outcome, steps) = PlatformSteps.steps(direction, books.facts)
            for step in steps.reversed() {
                remove(step, .implicit(outcome), fromGroup: number, direction)
            }
        }
        setRecord(.groups, number, to: .none)
        books.strike(group.id)
        return endedRules
    }

    /// Opens or closes a group for its own members.
    mutating func setInnerAccessPolicy(ofGroup group: Int, to policy: InnerAccessPolicy) {
        let wasOpen = Direction.allCases.filter { books.isOpenInside(group, $0) }
        books.groups[group].innerAccessPolicy = policy
        let isOpen = Direction.allCases.filter { books.isOpenInside(group, $0) }
        for direction in wasOpen.reversed() where !isOpen.contains(direction) {
            closeInside(group, direction)
        }
        for direction in isOpen where !wasOpen.contains(direction) { openInside(group, direction) }
    }

    private mutating func openInside(_ group: Int, _ direction: Direction) {
        insert(
            PlatformSteps.intraGroup(group), .implicit(.intraGroup), inGroup: group, direction)
    }

    private mutating func closeInside(_ group: Int, _ direction: Direction) {
        remove(
            PlatformSteps.intraGroup(group), .implicit(.intraGroup), fromGroup: group, direction)
    }
}

extension Books {
    /// What happens where no rule of a group matches. Source: SEMANTICS A.4 step 5, B.2 step 4.
    func defaultStep(ofGroup group: Int, _ direction: Direction) -> RuleTable.DefaultOutcome {
        if facts.vendor == .aws { return .implicitDeny }
        return direction == .egress && groups[group].type == .normal ? .accept : .drop
    }
}
