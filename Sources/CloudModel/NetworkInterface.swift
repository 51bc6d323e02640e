/// A 48-bit Ethernet address.
package struct MACAddress: Hashable, Sendable, CustomStringConvertible {
    /// The six octets, the first on the wire in the highest of the low 48 bits.
    package let value: UInt64

    /// - Precondition: `value` has no bit above the low 48.
    package init(_ value: UInt64) {
        precondition(value >> 48 == 0)
        self.value = value
    }

    /// Reads six two-digit hexadecimal octets separated by `:` or `-`.
    package init?(_ text: String) {
        let bytes = text.utf8.span
        guard bytes.count == 17 else { return nil }
        var value: UInt64 = 0
        for index in 0..<17 {
            if index % 3 == 2 {
                guard bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: "-") else {
                    return nil
                }
            } else {
                guard let digit = bytes[index].hexadecimalDigit else { return nil }
                value = value << 4 | UInt64(digit)
            }
        }
        self.init(value)
    }

    /// Lower-case octets separated by colons.
    package var description: String {
        stride(from: 40, through: 0, by: -8).map { shift in
            let octet = String(value >> UInt64(shift) & 0xFF, radix: 16)
            return octet.count == 1 ? "0" + octet : octet
        }.joined(separator: ":")
    }
}

/// Where an interface stands in its life. Source: SEMANTICS C.4.
package enum NetworkInterfaceStatus: String, Hashable, Sendable, CaseIterable {
    case available = "Available"
    case attaching = "Attaching"
    case inUse = "InUse"
    case detaching = "Detaching"

    /// Whether packets are filtered here. Before `inUse` and once `available` nothing passes at all;
    /// an interface that is detaching may still carry traffic and keeps its tables.
    package var carriesTraffic: Bool { self == .inUse || self == .detaching }
}

/// What an interface is to its instance.
package enum NetworkInterfaceType: String, Hashable, Sendable, CaseIterable {
    case primary
    case secondary
    case trunk
    case member
}

/// How an interface's traffic is moved (Alibaba Cloud).
package enum TrafficMode: String, Hashable, Sendable, CaseIterable {
    case standard = "Standard"
    case highPerformance = "HighPerformance"
}

/// Idle timeouts in seconds; `nil` is the vendor's default.
package struct ConnectionTracking: Hashable, Sendable {
    package var tcpEstablished: Int?
    package var tcpClosed: Int?
    package var udp: Int?

    package init(tcpEstablished: Int? = nil, tcpClosed: Int? = nil, udp: Int? = nil) {
        self.tcpEstablished = tcpEstablished
        self.tcpClosed = tcpClosed
        self.udp = udp
    }
}

/// An elastic network interface: what security groups attach to on both vendors.
package struct NetworkInterface: Hashable, Sendable {
    package var id: NetworkInterfaceID
    package var type: NetworkInterfaceType = .secondary
    package var status: NetworkInterfaceStatus = .inUse
    package var instance: InstanceID?
    package var vpc: VPCID?
    package var mac: MACAddress?
    /// Private addresses and prefixes that the interface owns; the first is the primary one.
    package var addresses: [CIDRBlock]
    package var securityGroups: [SecurityGroupID]
    package var trafficMode: TrafficMode = .standard
    package var serviceManaged = false
    package var connectionTracking = ConnectionTracking()
    package var owner: String?
    package var region: String?
    package var zone: String?
    package var beingCreated = false
    /// AWS's name for the tie between interface and instance: `eni-attach-…`.
    package var attachment: String?
    /// The trunk interface that this member belongs to.
    package var trunk: NetworkInterfaceID?
    package var linkedInterfaces: [NetworkInterfaceID] = []
    /// Whether a detach stays unanswered until the instance restarts.
    package var detachStuck = false

    package init(
        id: NetworkInterfaceID, vpc: VPCID? = nil, addresses: [CIDRBlock] = [],
        securityGroups: [SecurityGroupID] = []
    ) {
        self.id = id
        self.vpc = vpc
        self.addresses = addresses
        self.securityGroups = securityGroups
    }

    /// Whether `address` is one of this interface's own.
    package func owns(_ address: IPAddress) -> Bool { addresses.contains { $0.contains(address) } }
}
