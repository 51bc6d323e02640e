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

    /// The hash of a pair: that of its peer and that of its local selector, combined by exclusive or, so
    /// that a look-up mixes each selector once.
    @inline(__always)
    var hash: UInt64 { SelectorPair.hash(ofPeer: peer) ^ SelectorPair.hash(ofLocal: local) }

    @inline(__always)
    static func hash(ofPeer selector: SelectorID) -> UInt64 {
        mixed(UInt64(selector) &* 0x9E37_79B9_7F4A_7C15)
    }

    @inline(__always)
    static func hash(ofLocal selector: SelectorID) -> UInt64 {
        mixed(UInt64(selector) &* 0xC2B2_AE3D_27D4_EB4F)
    }

    @inline(__always)
    private static func mixed(_ bits: UInt64) -> UInt64 {
        let mixed = (bits ^ bits >> 32) &* 0xD6E8_FEB8_6659_FD93
        return mixed ^ mixed >> 32
    }
}
