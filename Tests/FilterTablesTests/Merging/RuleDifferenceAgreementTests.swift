import CloudModel
import TestSupport
import Testing

@testable import FilterTables

/// Lists under edit: deciders that go on from what they made before, beside one that never makes anything, and beside a
/// scan.
@Suite("Tables go on deciding beside what came and went")
struct RuleDifferenceAgreementTests {
    @Test("after each of many edits", arguments: EditedRules.Kind.allCases)
    func afterEdits(kind: EditedRules.Kind) throws {
        for seed in seeds(4) {
            var list = EditedRules(kind, seed: seed)
            let deciders = DifferenceDeciders(list.editor.tables)
            // Tables are made of what is asked for the second time.
            let first = (0..<48).map { _ in RandomList.header(&list.random) }
            for _ in 0..<2 { try deciders.expectAgreement(on: first, "seed \(seed)") }
            for edit in 0..<500 {
                // Versions are adopted late, too.
                for _ in 0..<list.random.pick([1, 1, 1, 3]) { list.edit() }
                deciders.adopt(list.editor.tables)
                let headers = (0..<48).map { _ in RandomList.header(&list.random) }
                try deciders.expectAgreement(on: headers, "seed \(seed), edit \(edit)")
                if edit % 16 == 0 { try expectScan(list, headers, "seed \(seed), edit \(edit)") }
            }
        }
    }

    private func expectScan(
        _ list: EditedRules, _ headers: [Quintuple], _ occasion: String
    ) throws {
        let outcomes = DeciderBox(list.editor.tables, .never).outcomes(headers.map { Query($0) })
        for (header, outcome) in zip(headers, outcomes) {
            let place = list.rules.firstIndex { $0.matches(header) }
            let wanted = place.map { list.editor.number(at: $0) }
            try #require(outcome.rule == wanted, "\(occasion): \(header)")
        }
    }

    @Test("without being made again, until nothing changes any more")
    func areNotMadeAgain() {
        var list = EditedRules(.returning, seed: 7)
        var decider = Decider(list.editor.tables, merging: .always)
        let queries = (0..<64).map { _ in Query(RandomList.header(&list.random)) }
        var outcomes = [Outcome](repeating: .undecided, count: queries.count)
        var room = outcomes.mutableSpan
        // Tables are made of what is asked for the second time.
        for _ in 0..<2 { decider.decide(queries.span, into: &room) }
        for _ in 0..<200 {
            list.edit()
            decider.adopt(list.editor.tables)
            decider.decide(queries.span, into: &room)
            let made = decider.mergedTables.entries.filter { $0.isMade }
            #expect(made.count == 1 && made.allSatisfy { $0.base != nil })
        }
        for _ in 0..<80 * 4096 / 64 + 1 { decider.decide(queries.span, into: &room) }
        let made = decider.mergedTables.entries.filter { $0.isMade }
        #expect(made.count == 1 && made.allSatisfy { $0.base == nil })
    }
}

/// A list that is edited, and what it holds.
struct EditedRules {
    enum Kind: CaseIterable {
        /// Rules go and come back where they were.
        case returning
        /// Rules go and come back anywhere.
        case moving
        /// Rules go, and others come anywhere.
        case changing
    }

    private let kind: Kind
    var random: SeededGenerator
    private(set) var rules: [QuintupleRule]
    private(set) var editor: OrderedTableEditor
    private var gone: [(rule: QuintupleRule, before: QuintupleRule?)] = []

    init(_ kind: Kind, seed: UInt64) {
        self.kind = kind
        random = SeededGenerator(seed: seed)
        rules = []
        for _ in 0..<80 { rules.append(RandomList.rule(&random)) }
        editor = OrderedTableEditor(rules)
    }

    /// Takes a rule out or puts one in.
    mutating func edit() {
        if gone.isEmpty || gone.count < 20 && random.oneIn(2) {
            let place = Int.random(in: 0..<rules.count, using: &random)
            // What stood before it tells where it was.
            gone.append((rules.remove(at: place), place == 0 ? nil : rules[place - 1]))
            editor.remove(at: place)
            return
        }
        let (known, before) = gone.remove(at: Int.random(in: 0..<gone.count, using: &random))
        var place = Int.random(in: 0...rules.count, using: &random)
        if kind == .returning {
            place = before.map { (rules.firstIndex(of: $0) ?? place - 1) + 1 } ?? 0
        }
        let isKnown = kind != .changing || random.oneIn(2)
        let rule = isKnown ? known : RandomList.rule(&random)
        rules.insert(rule, at: place)
        editor.insert(rule, at: place)
    }
}

/// Deciders of all forms, that have decided before the first edit.
private final class DifferenceDeciders {
    private let wanted: DeciderBox
    private let forms: [(form: String, decider: DeciderBox)]

    init(_ tables: FilterTables) {
        wanted = DeciderBox(tables, .never)
        forms = [
            ("merged", DeciderBox(tables, .always)),
            ("merged without lanes", DeciderBox(tables, .alwaysWithoutLanes)),
            ("merged late", DeciderBox(tables, Merging(shortestRun: 1, decisionsPerStep: 1))),
            ("wide", DeciderBox(tables, .alwaysWide)),
        ]
    }

    func adopt(_ tables: FilterTables) {
        wanted.adopt(tables)
        for (_, decider) in forms { decider.adopt(tables) }
    }

    func expectAgreement(on headers: [Quintuple], _ occasion: String) throws {
        let queries = headers.map { Query($0) }
        let wanted = wanted.outcomes(queries)
        for (form, decider) in forms {
            let found = decider.outcomes(queries)
            let wrong = queries.indices.first { found[$0] != wanted[$0] }
            guard let wrong else { continue }
            Issue.record(
                "\(form), \(occasion): \(headers[wrong]) gives \(found[wrong]), not \(wanted[wrong])"
            )
            throw Disagreement()
        }
    }

    /// What follows would only repeat it.
    private struct Disagreement: Error {}
}

extension QuintupleRule {
    /// Whether a scan takes the rule for a header's.
    func matches(_ header: Quintuple) -> Bool {
        source.contains(IPAddress(ipv4: header.source))
            && destination.contains(IPAddress(ipv4: header.destination))
            && sourcePorts.contains(header.sourcePort)
            && destinationPorts.contains(header.destinationPort)
            && ipProtocol.matches(IPProtocol(rawValue: header.ipProtocol))
    }
}
