/// A set of addresses that rules name: a number given fleet-wide, whoever names it.
typealias SelectorID = UInt32

/// Which addresses one side of a rule admits.
enum AddressTest: Hashable {
    /// Every address of both families.
    case any
    /// Every IPv4 address: `0.0.0.0/0`.
    case anyIPv4
    /// Every IPv6 address: `::/0`.
    case anyIPv6
    /// The addresses of a selector, whatever it is and however large.
    case selector(SelectorID)
}

/// One step of a decision, made ready for a table: a custom rule, or an implicit step in the form of
/// one (system traffic, exempt traffic, intra-group accept).
struct RuleEntry {
    /// The place in the fleet's decision order; the smallest that matches decides.
    var order: UInt64
    var outcome: Outcome
    var peer: AddressTest
    var local: AddressTest = .any
    /// The keys that the entry admits; see ``ServiceKey``.
    var services: [ClosedRange<UInt32>]
    /// The source ports that the entry admits, the unknown one among them if it restricts none.
    var sources: ClosedRange<UInt32> = ServiceKey.anySource
}
