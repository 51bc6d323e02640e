package import CloudModel

/// The headers that the decoder walks through, as messages name them.
package enum Layer: String, Hashable, Sendable, CaseIterable {
    case null = "loopback"
    case ethernet
    case vlan = "vlan tag"
    case serviceTag = "802.1ah tag"
    case llc
    case snap
    case linuxCooked = "linux cooked"
    case pppoe
    case ppp
    case mpls
    case ip
    case ipv4
    case ipv6
    case ipv6Extension = "ipv6 extension"
    case tcp
    case udp
    case icmp
}

/// Why a frame has no packet to filter: the finer cause behind a ``reason``.
package enum Undecodable: Error, Hashable, Sendable {
    case unsupportedLinkType(LinkType)
    /// `layer` carries something that is not IP. The number is that layer's own: an EtherType, a PPP
    /// protocol, a service access point, an address family; `nil` if nothing is named.
    case notIP(layer: Layer, number: UInt32?)
    /// The capture ends in the fields of `layer`'s header that a filter needs; on the wire they
    /// were longer. The header is at `offset`; `found` of the `needed` bytes are there.
    case truncated(layer: Layer, needed: Int, found: Int, offset: Int)
    /// As `truncated`, but it is the packet itself that ends, by its frame or by a length field.
    case tooShort(layer: Layer, needed: Int, found: Int, offset: Int)
    /// The four bits that must be 4 or 6 at the beginning of an IP header are not.
    case wrongVersion(layer: Layer, found: UInt8, offset: Int)
    /// The header at `offset` gives a length, in bytes, that cannot be.
    case wrongLength(layer: Layer, found: Int, offset: Int)
}

extension Undecodable {
    /// The word that decisions use.
    package var reason: Reason {
        switch self {
        case .unsupportedLinkType: .unsupportedLinkType
        case .notIP: .notIP
        case .truncated: .truncated
        case .tooShort, .wrongVersion, .wrongLength: .malformed
        }
    }
}

extension Undecodable: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .unsupportedLinkType(let linkType):
            "link type \(linkType.rawValue) is not supported"
        case .notIP(let layer, let number?):
            "the \(layer.rawValue) header carries 0x\(String(number, radix: 16)), which is not IP"
        case .notIP(let layer, nil):
            "the \(layer.rawValue) header carries something that is not IP"
        case .truncated(let layer, let needed, let found, let offset):
            "the capture ends in the \(layer.rawValue) header at byte \(offset): "
                + "\(needed) bytes are needed, \(found) are there"
        case .tooShort(let layer, let needed, let found, let offset):
            "the packet ends in the \(layer.rawValue) header at byte \(offset): "
                + "\(needed) bytes are needed, \(found) are there"
        case .wrongVersion(let layer, let found, let offset):
            "the \(layer.rawValue) header at byte \(offset) has version \(found)"
        case .wrongLength(let layer, let found, let offset):
            "the \(layer.rawValue) header at byte \(offset) gives a length of \(found) bytes"
        }
    }
}
