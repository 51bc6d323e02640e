internal import CloudModel

/// A rule's place in the decision order, in one number: the smaller is tried first.
///
///     63      56 55 54 53 52    48 47                                   0
///     ┌─────────┬──┬─────┬────────┬──────────────────────────────────────┐
///     │priority │ a│ sgr-│ zeros  │ nine symbols of the id, base 40      │
///     └─────────┴──┴─────┴────────┴──────────────────────────────────────┘
///
/// The system's steps and the intra-group step are 0 and 1. Custom rules come by priority, drop (`a` = 0)
/// before accept, then by the bytes of the id, as ``SecurityGroupRule/isTriedBefore(_:)`` says: whether
/// the id is below, at or above the prefix `sgr-`, how many zeros follow, then symbols. Ids that agree
/// so far have equal orders, and ``BlockMemory/rule(_:precedes:in:)`` settles them: ids with up to 15
/// zeros and nine lower-case letters and digits after them have orders of their own, and so have all
/// ids that sluice generates.
///
/// Rules of a plain list have labels with gaps instead, so that one can go between any two.
struct RuleOrder: Hashable, Comparable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The platform's own traffic. Source: SEMANTICS A.11, B.7.
    static let platform = RuleOrder(rawValue: 0)
    /// Accept inside an open group. Source: SEMANTICS A.5.
    static let intraGroup = RuleOrder(rawValue: 1)
    private static let firstRule: UInt64 = 2
    /// After every rule.
    static let last = RuleOrder(rawValue: .max)

    @inline(__always)
    static func < (lhs: RuleOrder, rhs: RuleOrder) -> Bool { lhs.rawValue < rhs.rawValue }

    // MARK: Custom rules

    /// The order of a security group's rule.
    ///
    /// - Complexity: O(length of the id).
    init(_ rule: SecurityGroupRule) {
        self.init(priority: rule.priority, rule.policy, rule.id)
    }

    init(priority: UInt8, _ policy: Policy, _ id: RuleID) {
        let policyBit: UInt64 = policy == .accept ? 1 : 0
        let number = UInt64(priority) << 56 | policyBit << 55 | RuleOrder.number(of: id.text.utf8)
        // Priorities begin at 1; were one 0, its first ids would be taken for steps.
        rawValue = max(number, RuleOrder.firstRule)
    }

    private static let prefix = "sgr-".utf8
    /// Ids with more zeros count as having this many; the others are symbols.
    private static let zeroLimit = 15
    private static let symbolCount = 9

    /// 55 bits that grow with the bytes of an id.
    private static func number(of id: String.UTF8View) -> UInt64 {
        var bytes = id[...]
        let isPrefixed = bytes.starts(with: prefix)
        let prefixCode: UInt64 = isPrefixed ? 1 : id.lexicographicallyPrecedes(prefix) ? 0 : 2
        if isPrefixed { bytes = bytes.dropFirst(prefix.count) }
        let zeroCount = bytes.prefix(zeroLimit).prefix { $0 == Symbol.zero }.count
        bytes = bytes.dropFirst(zeroCount)
        // After "00", an end or a "+" is less than a third zero, and an "a" is more: where the zeros end
        // downwards more of them make the id greater, else smaller.
        let endsBelow = (bytes.first ?? 0) < Symbol.zero
        let zeroCode = UInt64(endsBelow ? zeroCount : 2 * zeroLimit + 1 - zeroCount)
        return prefixCode << 53 | zeroCode << 48 | symbols(of: bytes)
    }

    /// The first symbols of `bytes` as the digits of a number; after one that stands for several bytes
    /// nothing more is known, so zeros follow.
    private static func symbols(of bytes: Substring.UTF8View) -> UInt64 {
        var bytes = bytes
        var number: UInt64 = 0
        var isExact = true
        for _ in 0..<symbolCount {
            let symbol = isExact ? Symbol(bytes.popFirst()) : .none
            isExact = symbol.isExact
            number = number * Symbol.count + symbol.rawValue
        }
        return number
    }

    /// One of 40 classes of bytes, in the order of the bytes.
    private struct Symbol {
        let rawValue: UInt64
        /// Whether it stands for one byte.
        let isExact: Bool

        static let count: UInt64 = 40
        static let none = Symbol(rawValue: 0, isExact: false)
        static let zero = UInt8(ascii: "0")

        private init(rawValue: UInt64, isExact: Bool) {
            self.rawValue = rawValue
            self.isExact = isExact
        }

        /// The class of a byte; `nil` is the end.
        init(_ byte: UInt8?) {
            switch byte {
            case nil: self = .none
            case .some(let byte) where byte < Symbol.zero:
                self.init(rawValue: 1, isExact: false)
            case .some(let byte) where byte <= UInt8(ascii: "9"):
                self.init(rawValue: 2 + UInt64(byte - Symbol.zero), isExact: true)
            case .some(let byte) where byte < UInt8(ascii: "a"):
                self.init(rawValue: 12, isExact: false)
            case .some(let byte) where byte <= UInt8(ascii: "z"):
                self.init(rawValue: 13 + UInt64(byte - UInt8(ascii: "a")), isExact: true)
            case .some: self.init(rawValue: 39, isExact: false)
            }
        }
    }
}

extension RuleOrder {
    // MARK: Plain lists

    /// The label of the rule at `place` of a list of `count`: spread evenly.
    init(label place: Int, of count: Int) {
        precondition(0..<count ~= place)
        rawValue = (UInt64.max / UInt64(count + 1)) * UInt64(place + 1)
    }

    /// A label between two; `nil` when there is none left, and the whole list needs new labels, which
    /// costs O(list). Inserting always at one place uses a gap of 2⁶⁴ ÷ *n* up after about 64 − log₂ *n*
    /// rules; inserting anywhere, after many more than *n*.
    ///
    /// `lower` is ``platform`` before the first rule, and `upper` ``last`` after the last.
    static func label(between lower: RuleOrder, and upper: RuleOrder) -> RuleOrder? {
        precondition(lower < upper)
        let middle = lower.rawValue + (upper.rawValue - lower.rawValue) / 2
        return middle == lower.rawValue ? nil : RuleOrder(rawValue: middle)
    }
}
