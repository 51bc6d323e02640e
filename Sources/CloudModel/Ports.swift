/// A range of TCP or UDP ports, both ends included, written `80/443` as Alibaba Cloud does.
package struct PortRange: Hashable, Sendable, CustomStringConvertible {
    package let lower: UInt16
    package let upper: UInt16

    /// The ports from `lower` to `upper`.
    ///
    /// - Precondition: `lower <= upper`.
    package init(_ lower: UInt16, _ upper: UInt16) {
        precondition(lower <= upper)
        self.lower = lower
        self.upper = upper
    }

    /// Every port, 0 included: such a range restricts nothing.
    package static let all = PortRange(0, .max)

    /// Whether `port` lies in the range.
    package func contains(_ port: UInt16) -> Bool { lower <= port && port <= upper }

    /// The two ends with a slash between them.
    package var description: String { "\(lower)/\(upper)" }
}

/// What a rule asks of the transport header beyond the protocol: destination ports for TCP and UDP,
/// type and code for ICMP.
package enum TransportMatch: Hashable, Sendable {
    /// Nothing is asked; port 0 and packets whose ports are unknown pass.
    case any
    /// The destination port, in both directions of traffic. Only for TCP and UDP.
    case destinationPorts(PortRange)
    /// A port in any range of the list. Only for TCP and UDP, only on Alibaba Cloud.
    case portList(PortListID)
    /// The ICMP type, and the code unless it is `nil`. Only for ICMP and ICMPv6, only on AWS.
    case icmp(type: UInt8, code: UInt8?)
}
