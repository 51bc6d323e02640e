internal import CloudModel

/// A set of addresses as rules name it. Equal names are one selector, fleet-wide.
enum Selector: Hashable {
    /// A block; never `/0`, which is ``AddressTest/anyIPv4`` or ``AddressTest/anyIPv6``.
    case cidr(CIDRBlock)
    /// The list at a place of the fleet's prefix lists.
    case prefixList(Int)
    /// The addresses of the members of the group at a place of the fleet's groups.
    case group(Int)
    /// The addresses that the platform exempts in the address space at hand.
    case platformServices
    /// Alibaba Cloud's metadata server.
    case metadataServer
    case loadBalancers
    case platformProbes
}

/// Numbers for selectors, in the order in which they are first named.
struct SelectorNumbers {
    private var numbers: [Selector: SelectorID] = [:]
    private(set) var selectors: [Selector] = []

    init() {}

    /// The number of `selector`, a new one if it was not named before.
    mutating func number(of selector: Selector) -> SelectorID {
        if let known = numbers[selector] { return known }
        let number = SelectorID(selectors.count)
        numbers[selector] = number
        selectors.append(selector)
        return number
    }
}
