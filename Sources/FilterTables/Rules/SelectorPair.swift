/// The ids that rule tables give to sets of addresses without a selector of their own.
enum WideSelector {
    /// Every address of both families.
    static let any: SelectorID = 0
    /// Every IPv4 address: `0.0.0.0/0`.
    static let anyIPv4: SelectorID = 1
    /// Every IPv6 address: `::/0`.
    static let anyIPv6: SelectorID = 2
    /// The least id of a selector that address classes hold.
    static let firstNamed: SelectorID = 3
}

/// The two sets of addresses that a rule joins.
struct SelectorPair: Hashable, Sendable {
    let peer: SelectorID
    let local: SelectorID

    init(peer: SelectorID, local: SelectorID = WideSelector.any) {
        self.peer = peer
        self.local = local
    }

    @inline(__always)
    fileprivate var key: UInt64 { UInt64(peer) << 32 | UInt64(local) }

    static func < (lhs: SelectorPair, rhs: SelectorPair) -> Bool { lhs.key < rhs.key }

    /// 64 well-mixed bits (the finalizer of MurmurHash3, by A. Appleby, with one multiplication).
    @inline(__always)
    var hash: UInt64 {
        let mixed = (key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ mixed >> 32
    }
}
