internal import CloudModel

/// An ordered rule list with a name: the first rule that matches decides.
struct RuleSet {
    /// Kind and nominal size: `acl1_1000`.
    var name: String
    var rules: [QuintupleRule]
    var family = AddressFamily.ipv4

    /// The list without the rules that fix fewer than 16 bits of the addresses: in long lists those
    /// together take every header there is.
    var withoutCatchAlls: RuleSet {
        var set = self
        set.rules.removeAll { $0.source.prefixLength + $0.destination.prefixLength < 16 }
        return set
    }
}
