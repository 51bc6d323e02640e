/// The headers that operating systems put in place of a link layer's own.
///
///     family(4), host or network byte order                              BSD loopback
///     packet type(2) device type(2) address length(2) address(8) protocol(2)         Linux cooked 1
///     protocol(2) 0(2) interface(4) device type(2) packet type(1) address length(1) address(8)   2
extension LinkWalk {
    mutating func addressFamily(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(4, at: offset, .null)
        let word = frame.uint32(at: offset)
        offset += 4
        // Small numbers in either byte order: the machine that wrote the file is not known.
        switch word > 0xFFFF ? word.byteSwapped : word {
        case 2: return .ip(.ipv4)
        // AF_INET6 of Linux; NetBSD and OpenBSD; FreeBSD; macOS.
        case 10, 24, 28, 30: return .ip(.ipv6)
        default: throw .notIP(layer: .null, number: word)
        }
    }

    mutating func linuxCooked(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(16, at: offset, .linuxCooked)
        let deviceType = frame.uint16(at: offset + 2)
        if frame.uint16(at: offset + 4) == 6 { sourceMAC = macAddress(frame, at: offset + 6) }
        let number = frame.uint16(at: offset + 14)
        offset += 16
        return try follow(cookedProtocol: number, deviceType: deviceType)
    }

    mutating func linuxCooked2(_ frame: RawSpan) throws(Undecodable) -> Step {
        try extent.require(20, at: offset, .linuxCooked)
        let deviceType = frame.uint16(at: offset + 8)
        if frame.uint8(at: offset + 11) == 6 { sourceMAC = macAddress(frame, at: offset + 12) }
        let number = frame.uint16(at: offset)
        offset += 20
        return try follow(cookedProtocol: number, deviceType: deviceType)
    }

    /// The protocol is an EtherType, 4 for LLC, or another of Linux's own small numbers. On devices
    /// of some types it is something else altogether (LINKTYPE_LINUX_SLL at tcpdump.org).
    private func follow(
        cookedProtocol number: UInt16, deviceType: UInt16
    ) throws(Undecodable) -> Step {
        switch deviceType {
        case DeviceType.frameRelay, DeviceType.ieee80211, DeviceType.ieee80211Prism,
            DeviceType.ieee80211Radiotap, DeviceType.netlink:
            throw .notIP(layer: .linuxCooked, number: UInt32(number))
        default:
            return number == 4 ? .llc : .etherType(number)
        }
    }
}

/// The device types of Linux (`ARPHRD_…`) whose cooked frames name no EtherType.
private enum DeviceType {
    static let frameRelay: UInt16 = 770
    static let ieee80211: UInt16 = 801
    static let ieee80211Prism: UInt16 = 802
    static let ieee80211Radiotap: UInt16 = 803
    static let netlink: UInt16 = 824
}
