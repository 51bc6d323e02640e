internal import CloudModel

/// A set of addresses that rules name, in one address space: see ``WideSelector`` for those that are
/// not in a ``SelectorBook``.
typealias SelectorID = UInt32

/// A set of addresses as rules name it. Equal names in one address space are one selector.
enum Selector: Hashable, Sendable {
    /// A block; never `/0`, which is any address of its family.
    case cidr(CIDRBlock)
    /// The list with a number.
    case prefixList(Int)
    /// The addresses of the members of the group with a number.
    case group(Int)
    /// The addresses that the platform exempts in the address space.
    case platformServices
    /// Alibaba Cloud's metadata server.
    case metadataServer
    case loadBalancers
    case platformProbes
}

/// A selector in one address space.
struct SpacedSelector: Hashable, Sendable {
    let space: Int
    let selector: Selector

    /// Feeds two words, where the fields one by one would be six: each edit looks up several selectors.
    func hash(into hasher: inout Hasher) {
        let (kind, high, low): (UInt64, UInt64, UInt64) =
            switch selector {
            case .cidr(let block):
                (UInt64(block.prefixLength), block.network.high, block.network.low)
            case .prefixList(let number): (256, UInt64(number), 0)
            case .group(let number): (257, UInt64(number), 0)
            case .platformServices: (258, 0, 0)
            case .metadataServer: (259, 0, 0)
            case .loadBalancers: (260, 0, 0)
            case .platformProbes: (261, 0, 0)
            }
        hasher.combine(high)
        hasher.combine(low ^ (UInt64(space) << 9 | kind))
    }
}

/// Numbers for the selectors that rules name, each for as long as a rule names it.
struct SelectorBook: Sendable {
    private struct Use: Sendable {
        let id: SelectorID
        var ruleCount: Int
    }

    private var uses: [SpacedSelector: Use] = [:]
    private var numbers = NumberPool(from: WideSelector.firstNamed)

    init() {}

    /// The number of a selector that some rule names.
    func number(of selector: SpacedSelector) -> SelectorID? { uses[selector]?.id }

    /// Notes that one more rule names `selector`; whether it is the first to do so.
    mutating func use(_ selector: SpacedSelector) -> (id: SelectorID, isFirst: Bool) {
        if let place = uses.index(forKey: selector) {
            uses.values[place].ruleCount += 1
            return (uses.values[place].id, false)
        }
        let id = numbers.take()
        uses[selector] = Use(id: id, ruleCount: 1)
        return (id, true)
    }

    /// Notes that one rule fewer names `selector`; whether it was the last.
    ///
    /// - Precondition: a rule names it.
    mutating func disuse(_ selector: SpacedSelector) -> (id: SelectorID, isLast: Bool) {
        guard let place = uses.index(forKey: selector) else {
            preconditionFailure("no rule names the selector")
        }
        let use = uses.values[place]
        guard use.ruleCount == 1 else {
            uses.values[place].ruleCount -= 1
            return (use.id, false)
        }
        uses.remove(at: place)
        numbers.giveBack(use.id)
        return (use.id, true)
    }
}
