internal import CloudModel

/// An ordered rule list with a name: the first rule that matches decides.
struct RuleSet {
    /// Kind and nominal size: `acl1_1000`.
    var name: String
    var rules: [QuintupleRule]
    var family = AddressFamily.ipv4
}
