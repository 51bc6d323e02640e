internal import CloudModel

/// The tables of a plain list: one interface in one group, whose rules all accept.
extension TableEditor {
    private static let listID: SecurityGroupID = "rules"
    private static let list = 0

    /// Compiles the rules of a plain list under their numbers.
    init(compilingOrdered rules: [(rule: TableRule, number: UInt32)], _ numbers: NumberPool) {
        let arena = BlockArena()
        var compiler = Compiler(Fleet(vendor: .alibaba), in: arena)
        compiler.books.ruleNumbers = numbers
        arena.exclusively { compiler.compileList(TableEditor.listID, rules) }
        self.init(TableVersion(arena: arena, root: compiler.root), compiler.books)
    }

    /// Adds a rule under a number that is free.
    mutating func insertOrdered(_ rule: TableRule, _ number: UInt32) {
        arena.exclusively {
            beginEdit()
            insert(rule, .custom(.accept, number), inGroup: TableEditor.list, .ingress)
            endEdit()
        }
    }

    /// Removes the rule with a number, which is free from then on.
    mutating func removeOrdered(_ rule: TableRule, _ number: UInt32) {
        arena.exclusively {
            beginEdit()
            remove(rule, .custom(.accept, number), fromGroup: TableEditor.list, .ingress)
            endEdit()
        }
        books.ruleNumbers.giveBack(number)
    }
}

extension Compiler {
    /// The tables of a plain list, in a group named `id`.
    fileprivate mutating func compileList(
        _ id: SecurityGroupID, _ rules: [(rule: TableRule, number: UInt32)]
    ) {
        let group = books.enter(SecurityGroup(id: id, type: .enterprise))
        books.interfaces = [
            InterfaceBook(
                space: books.groups[group].space, mac: nil, status: .inUse, addresses: [],
                groups: [UInt32(group)])
        ]
        var steps: [(pair: SelectorPair, step: RuleStep)] = []
        for (rule, number) in rules {
            steps += self.steps(of: rule, .custom(.accept, number), inGroup: group)
        }
        setRecord(
            .groups, group,
            to: GroupRecord.make(
                id, ingress: RuleTable.make(steps, .none, .drop, in: arena),
                egress: RuleTable(.drop, in: arena), in: arena))
        addLabels()
        addSpaces()
        addInterfaces()
        finishRoot()
    }
}
