internal import CloudModel

/// A step of a rule that came to a table or went from it, by addresses: what a reader needs to go on from what it derived
/// of the table before.
struct RuleEdit: Sendable {
    /// The table before and after, by its stamps.
    let stampBefore: UInt64
    let stampAfter: UInt64
    let isInsertion: Bool
    let isEgress: Bool
    let step: RuleStep
    /// Which packets the step is asked about.
    let addresses: RuleAddresses

    /// An IPv4 block on each side of a packet.
    struct AddressPair: Hashable, Sendable {
        let source: AddressMask
        let destination: AddressMask
    }

    /// The addresses that are `network` where `mask` has bits.
    struct AddressMask: Hashable, Sendable {
        let network: UInt32
        let mask: UInt32

        static let all = AddressMask(network: 0, mask: 0)
    }
}

/// The blocks of a rule's sides, as far as one block is all that a side is.
enum RuleAddresses: Sendable {
    case blocks(RuleEdit.AddressPair)
    /// No IPv4 packet is asked about.
    case otherFamily
    /// Some side is a list or a group, or the step is none of a rule.
    case unknown

    init(_ rule: TableRule, isEgress: Bool) {
        guard case .some(let peer) = RuleAddresses.mask(of: rule.peer),
            case .some(let local) = RuleAddresses.mask(of: rule.local)
        else {
            self = .unknown
            return
        }
        guard let peer, let local else {
            self = .otherFamily
            return
        }
        // A packet that leaves has its own address for a source.
        self = .blocks(
            isEgress
                ? RuleEdit.AddressPair(source: local, destination: peer)
                : RuleEdit.AddressPair(source: peer, destination: local))
    }

    /// The addresses of a side, no addresses if they are of IPv6; `nil` for a set.
    private static func mask(of test: TableRule.AddressTest) -> RuleEdit.AddressMask?? {
        switch test {
        case .any, .anyIPv4: return .some(.all)
        case .anyIPv6: return .some(nil)
        case .selector(.cidr(let block)):
            guard block.family == .ipv4 else { return .some(nil) }
            let network = UInt32(truncatingIfNeeded: block.network.high >> 32)
            return .some(
                RuleEdit.AddressMask(
                    network: network, mask: ~(UInt32.max >> UInt32(block.prefixLength))))
        case .selector: return nil
        }
    }
}
