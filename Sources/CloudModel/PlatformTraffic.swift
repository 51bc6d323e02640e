/// Addresses whose traffic the platforms exempt from security groups.
package enum PlatformTraffic {
    /// Alibaba Cloud's metadata server. Source: SEMANTICS A.11.
    package static let alibabaMetadataServer = IPAddress(ipv4: 0x6464_64C8)  // 100.100.100.200

    /// AWS's link-local services: DNS, instance and task metadata, licence activation, time.
    /// Source: SEMANTICS B.7.
    package static let awsServices: [IPAddress] = [
        IPAddress(ipv4: 0xA9FE_A9FD),  // 169.254.169.253: DNS
        IPAddress(ipv4: 0xA9FE_A9FE),  // 169.254.169.254: instance metadata
        IPAddress(ipv4: 0xA9FE_AA02),  // 169.254.170.2: task metadata
        IPAddress(ipv4: 0xA9FE_A9FA),  // 169.254.169.250: Windows activation
        IPAddress(ipv4: 0xA9FE_A9FB),  // 169.254.169.251: Windows activation
        IPAddress(ipv4: 0xA9FE_A97B),  // 169.254.169.123: time
        IPAddress(ipv6High: 0xFD00_0EC2_0000_0000, low: 0x253),
        IPAddress(ipv6High: 0xFD00_0EC2_0000_0000, low: 0x254),
        IPAddress(ipv6High: 0xFD00_0EC2_0000_0000, low: 0x123),
    ]

    /// The reserved addresses of a VPC on AWS: the router (first of each IPv4 block) and the resolver
    /// (second of the primary one). Subnets are not part of a fleet, so their routers are not known.
    package static func awsReserved(in vpc: VPC) -> [IPAddress] {
        let ipv4Blocks = vpc.cidrBlocks.filter { $0.family == .ipv4 }
        return ipv4Blocks.map { $0.network.advanced(by: 1) }
            + ipv4Blocks.prefix(1).map { $0.network.advanced(by: 2) }
    }

    /// UDP from and to these ports is DHCP.
    package static let dhcpPorts = PortRange(67, 68)
    /// ICMP "fragmentation needed", which path-MTU discovery lives on: type and code.
    package static let fragmentationNeeded = (type: UInt8(3), code: UInt8(4))
    /// ICMPv6 "packet too big": type, any code.
    package static let packetTooBigType = UInt8(2)
}
