package import CloudModel

/// The tables of a plain ordered list of IPv4 rules, of which the first that matches decides, and edits
/// of the list. Ports are tested whatever the protocol.
///
/// The tables have one interface, at place 0, that queries enter. A value, as ``TableEditor`` is.
package struct OrderedTableEditor: Sendable {
    private struct Line: Sendable {
        let rule: QuintupleRule
        var order: RuleOrder
    }

    private var editor: TableEditor
    private var sequence: RuleSequence
    /// By the rule's number.
    private var lines: [Line?]

    /// Compiles a list. The number of a rule is its place in it.
    ///
    /// - Complexity: O(*n* log *n*).
    package init(_ rules: [QuintupleRule]) {
        lines = rules.enumerated().map { place, rule in
            Line(rule: rule, order: RuleOrder(label: place, of: rules.count))
        }
        sequence = RuleSequence(count: rules.count)
        let forms = lines.enumerated().compactMap { number, line in
            line.map { (rule: TableRule($0.rule, order: $0.order), number: UInt32(number)) }
        }
        editor = TableEditor(
            compilingOrdered: forms, NumberPool(from: UInt32(rules.count)))
    }

    /// The tables as they are now.
    package var tables: FilterTables { editor.tables }

    /// How many rules there are.
    package var ruleCount: Int { sequence.count }

    /// The number of the rule at `place` of the list.
    package func number(at place: Int) -> Int { Int(sequence[place]) }

    /// Puts a rule before the one at `place` of the list, or at the end, and gives its number.
    ///
    /// - Complexity: O(log *n*) in tables, and a look-up in *n* ÷ 512 stretches. Where no label is left
    ///   between the neighbours, all rules get new ones, in O(*n* log *n*): when some dozens of rules
    ///   have gone to one and the same place.
    @discardableResult
    package mutating func insert(_ rule: QuintupleRule, at place: Int) -> Int {
        let number = editor.books.ruleNumbers.take()
        sequence.insert(number, at: place)
        let line = Line(rule: rule, order: RuleOrder.last)
        if Int(number) < lines.count { lines[Int(number)] = line } else { lines.append(line) }
        guard let label = label(at: place) else {
            relabel()
            return Int(number)
        }
        lines[Int(number)]?.order = label
        let form = TableRule(rule, order: label)
        editor.insertOrdered(form, number)
        return Int(number)
    }

    /// Takes the rule at `place` out of the list, and gives the number that ended.
    @discardableResult
    package mutating func remove(at place: Int) -> Int {
        let number = sequence[place]
        guard let line = lines[Int(number)] else { preconditionFailure("a rule without a line") }
        sequence.remove(at: place)
        lines[Int(number)] = nil
        let form = TableRule(line.rule, order: line.order)
        editor.removeOrdered(form, number)
        return Int(number)
    }

    /// A label between those of the neighbours of `place`.
    private func label(at place: Int) -> RuleOrder? {
        let lower = place == 0 ? RuleOrder.platform : order(at: place - 1)
        let upper = place == sequence.count - 1 ? RuleOrder.last : order(at: place + 1)
        return RuleOrder.label(between: lower, and: upper)
    }

    private func order(at place: Int) -> RuleOrder {
        lines[Int(sequence[place])]?.order ?? .last
    }
}

extension OrderedTableEditor {
    /// Gives all rules labels at even distances.
    private mutating func relabel() {
        let numbers = sequence.numbers
        for (place, number) in numbers.enumerated() {
            lines[Int(number)]?.order = RuleOrder(label: place, of: numbers.count)
        }
        let forms = numbers.map { number in
            guard let line = lines[Int(number)] else {
                preconditionFailure("a rule without a line")
            }
            return (rule: TableRule(line.rule, order: line.order), number: number)
        }
        editor = TableEditor(compilingOrdered: forms, editor.books.ruleNumbers)
    }
}

extension FilterTables {
    /// Compiles a plain ordered list of IPv4 rules: see ``OrderedTableEditor``.
    package init(ordered rules: [QuintupleRule]) { self = OrderedTableEditor(rules).tables }
}
