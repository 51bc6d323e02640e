internal import CloudModel
internal import FilterTables

/// Where calls that one of two worlds has seen can have altered what its tables say.
///
/// A call that only takes rules away alters nothing but what these rules decided; of any other it is known at which
/// interfaces it can have.
struct Reach: Sendable {
    /// By an interface's place, whether anything there can be decided otherwise.
    private var interfaces: [Bool]
    /// By a rule's number in the world without the calls, whether the other one has taken it away. Numbers that rules
    /// of that other world got later may be among them.
    private var rules: [Bool] = []

    /// No calls, in a fleet with so many interfaces.
    init(interfaceCount: Int) { interfaces = Array(repeating: false, count: interfaceCount) }

    /// Adds what a call did: the rules with these numbers ended, and decisions at the interfaces at `places` can differ.
    mutating func add(_ changes: [FleetChange], endedRules: [Int], places: [Int]) {
        guard changes.allSatisfy(\.isRuleRemoval) else {
            for place in places { interfaces[place] = true }
            return
        }
        for rule in endedRules {
            if rule >= rules.count {
                rules += repeatElement(false, count: rule + 1 - rules.count)
            }
            rules[rule] = true
        }
    }

    /// Whether the tables of the world with the calls can decide otherwise than `outcome`, which the other world's say at
    /// the interface at `place`.
    @inline(__always)
    func holds(_ outcome: Outcome, at place: Int) -> Bool {
        let rule = Int(outcome.ruleNumber)
        return interfaces[place] || rule < rules.count && rules[rule]
    }
}

extension FleetChange {
    fileprivate var isRuleRemoval: Bool {
        if case .ruleRemoved = self { return true }
        return false
    }
}
