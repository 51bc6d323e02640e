internal import CloudModel

/// Ethernet, the tags it may have, and LLC.
///
///     destination(6) source(6) [type(2)=tag  tag(2)]… type(2)            Ethernet II
///     destination(6) source(6) [tags…] length(2) DSAP SSAP control       802.3 with LLC
///         … AA AA 03 OUI(3) type(2)                                      and SNAP
extension LinkWalk {
    mutating func ethernet(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(14, at: offset, .ethernet)
        destinationMAC = macAddress(frame, at: offset)
        sourceMAC = macAddress(frame, at: offset + 6)
        let value = frame.uint16(at: offset + 12)
        offset += 14
        return value == EtherType.ipv4 ? .ip(.ipv4) : .typeOrLength(value)
    }

    /// Numbers up to 1,500 are 802.3's length of what follows; from 1,536 on they are EtherTypes.
    mutating func follow(typeOrLength value: UInt16) throws(Undecodable) -> Step {
        guard value <= 1500 else { return .etherType(value) }
        extent.narrow(to: offset + Int(value))
        return .llc
    }

    /// Reads what stands between an EtherType and the header that it announces.
    mutating func follow(etherType: UInt16, _ frame: RawSpan) throws(Undecodable) -> Step {
        switch etherType {
        case EtherType.ipv4: return .ip(.ipv4)
        case EtherType.ipv6: return .ip(.ipv6)
        case EtherType.vlan, EtherType.providerVLAN, EtherType.oldVLAN, EtherType.oldVLAN2:
            try extent.require(4, at: offset, .vlan)
            let value = frame.uint16(at: offset + 2)
            offset += 4
            return .typeOrLength(value)
        case EtherType.serviceTag:
            // The service tag, and the customer's Ethernet frame from its addresses on.
            try extent.require(4, at: offset, .serviceTag)
            offset += 4
            return .ethernet
        case EtherType.pppoeSession: return .pppoe
        case EtherType.mpls, EtherType.mplsMulticast: return .mpls
        case EtherType.jumboLLC: return .llc
        default: throw .notIP(layer: .ethernet, number: UInt32(etherType))
        }
    }

    mutating func llc(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(3, at: offset, .llc)
        let accessPoints = frame.uint16(at: offset)
        let isUnnumbered = frame.uint8(at: offset + 2) == 0x03
        switch (accessPoints, isUnnumbered) {
        case (0x0606, true):
            offset += 3
            return .ip(.ipv4)
        case (0xAAAA, true):
            return try snap(frame)
        default:
            throw .notIP(layer: .llc, number: UInt32(accessPoints))
        }
    }

    private mutating func snap(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(8, at: offset, .snap)
        let organization = frame.uint32(at: offset + 2) & 0xFF_FFFF
        let type = frame.uint16(at: offset + 6)
        // Encapsulated Ethernet (RFC 1042), and the same through a bridge (802.1H).
        guard organization == 0 || organization == 0x00_00F8 else {
            throw .notIP(layer: .snap, number: organization)
        }
        offset += 8
        return .etherType(type)
    }
}

/// The EtherTypes on the way to IP, from IEEE's registry.
enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let ipv6: UInt16 = 0x86DD
    /// 802.1Q.
    static let vlan: UInt16 = 0x8100
    /// 802.1ad.
    static let providerVLAN: UInt16 = 0x88A8
    /// Outer tags of switches older than 802.1ad.
    static let oldVLAN: UInt16 = 0x9100
    static let oldVLAN2: UInt16 = 0x9200
    /// 802.1ah's I-tag.
    static let serviceTag: UInt16 = 0x88E7
    static let pppoeSession: UInt16 = 0x8864
    static let mpls: UInt16 = 0x8847
    static let mplsMulticast: UInt16 = 0x8848
    /// LLC in frames too long for a length field.
    static let jumboLLC: UInt16 = 0x8870
}
