import CloudModel

/// The values of one field that a step admits.
enum FieldCondition: Hashable {
    /// The field is not looked at.
    case any
    /// No packet passes: such a step is left out.
    case never
    /// The interned set with this number.
    case only(Int)
}

/// The steps of all policies of one comparison: conditions on the six fields and what they decide.
///
/// A step is a chain of links, one a field, and equal chains are one:
///
///     ipProtocol ▶ peer ▶ local ▶ sourcePort ▶ destinationPort ▶ icmp ▶ outcome
///        tcp       10/8    any       any           443           any    accept, sgr-1
///
/// The link at a field stands for the conditions from there on. So once the fields before are settled,
/// two policies whose lists of links are equal decide the same for what is left.
struct StepPool {
    /// A field's condition, and the link behind it; the last link has neither.
    private struct Link: Hashable {
        let field: PacketField?
        /// The interned set; `nil` is any value.
        let set: Int?
        /// The next link, or behind the last field the number of the outcome.
        let rest: Int
    }

    let family: AddressFamily
    private var sets = Interner<IntervalSet>()
    private var outcomes = Interner<Decision>()
    private var links = Interner<Link>()
    // By link: whether no condition is left from there on, and the verdict in the end.
    private var isUnconditional: [Bool] = []
    private var verdicts: [Verdict] = []
    private let domains: [IntervalSet]

    init(_ family: AddressFamily) {
        self.family = family
        domains = PacketField.allCases.map { $0.domain(family) }
    }

    // MARK: Making steps

    /// The condition that `field` has a value of `set`.
    mutating func condition(_ field: PacketField, in set: IntervalSet) -> FieldCondition {
        if set.isEmpty { return .never }
        return set == domains[field.rawValue] ? .any : .only(sets.id(of: set))
    }

    /// The step that gives `outcome` to packets that meet `conditions`, one a field; `nil` if no
    /// packet does.
    mutating func step(_ conditions: [FieldCondition], _ outcome: Decision) -> Int? {
        var link = self.link(Link(field: nil, set: nil, rest: outcomes.id(of: outcome)))
        for field in PacketField.allCases.reversed() {
            let set: Int?
            switch conditions[field.rawValue] {
            case .never: return nil
            case .any: set = nil
            case .only(let id): set = id
            }
            link = self.link(Link(field: field, set: set, rest: link))
        }
        return link
    }

    /// The step that gives `outcome` to every packet.
    mutating func step(always outcome: Decision) -> Int {
        guard let step = step(.init(repeating: .any, count: PacketField.count), outcome) else {
            preconditionFailure("a step without conditions admits every packet")
        }
        return step
    }

    private mutating func link(_ value: Link) -> Int {
        let id = links.id(of: value)
        if id == isUnconditional.count {
            let isLast = value.field == nil
            isUnconditional.append(isLast || (value.set == nil && isUnconditional[value.rest]))
            verdicts.append(isLast ? outcomes[value.rest].verdict : verdicts[value.rest])
        }
        return id
    }

    // MARK: Looking at them

    /// The set of a link's field; `nil` is any value.
    func set(of link: Int) -> Int? { links[link].set }

    /// The link behind `link`; behind the last field, the number of the outcome.
    func rest(of link: Int) -> Int { links[link].rest }

    /// Whether every packet meets the conditions from `link` on.
    func isUnconditional(_ link: Int) -> Bool { isUnconditional[link] }

    /// Whether all steps of both lists end in one verdict.
    func haveOneVerdict(_ first: [Int], _ second: [Int]) -> Bool {
        guard let verdict = first.first.map({ verdicts[$0] }) else { return true }
        return first.allSatisfy { verdicts[$0] == verdict }
            && second.allSatisfy { verdicts[$0] == verdict }
    }

    /// The interned set with this number.
    func values(_ set: Int) -> IntervalSet { sets[set] }

    /// Every value of a field.
    func domain(_ field: PacketField) -> IntervalSet { domains[field.rawValue] }

    /// The outcome with this number.
    func outcome(_ id: Int) -> Decision { outcomes[id] }
}
