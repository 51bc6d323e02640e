package import CloudModel

extension ReferenceFilter {
    /// The reason for which a packet is accepted before any custom rule is asked, if there is one.
    ///
    /// Source: SEMANTICS A.4 steps 2 and 3, B.2 step 1.
    package func stepBeforeRules(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Reason? {
        switch fleet.vendor {
        case .aws:
            return isExempt(packet, at: interface, direction) ? .exempt : nil
        case .alibaba:
            if isSystemTraffic(packet, direction) { return .system }
            let skipsRules =
                direction == .ingress || fleet.switches.innerAcceptEgress == .bypass
            return skipsRules && isIntraGroup(packet, at: interface, direction) ? .intraGroup : nil
        }
    }

    /// Whether the peer is a private address of an interface that shares with this one a basic group
    /// that is open inside. Source: SEMANTICS A.5.
    package func isIntraGroup(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Bool {
        let peer = packet.addresses(seen: direction).peer
        return interface.securityGroups.contains { id in
            guard let group = groups[id], group.type == .normal,
                group.innerAccessPolicy == .accept
            else { return false }
            return isMember(peer, of: id)
        }
    }

    /// Whether `address` is a private address of an interface in the group. Interfaces that are not
    /// attached keep their groups and addresses, so they count. Source: SEMANTICS A.7, B.4.
    func isMember(_ address: IPAddress, of group: SecurityGroupID) -> Bool {
        fleet.networkInterfaces.contains { interface in
            interface.securityGroups.contains(group) && interface.owns(address)
        }
    }

    /// Traffic that no rule can block. Source: SEMANTICS A.11.
    private func isSystemTraffic(_ packet: Packet, _ direction: Direction) -> Bool {
        let peer = packet.addresses(seen: direction).peer
        if peer == PlatformTraffic.alibabaMetadataServer { return true }
        guard direction == .ingress else { return false }
        if case .icmp(let type, let code) = packet.transport {
            let needed = PlatformTraffic.fragmentationNeeded
            switch packet.ipProtocol {
            case .icmp where type == needed.type && code == needed.code: return true
            case .icmpv6 where type == PlatformTraffic.packetTooBigType: return true
            default: break
            }
        }
        if packet.ipProtocol.isICMP, fleet.platformProbes.contains(where: { $0.contains(peer) }) {
            return true
        }
        return fleet.loadBalancerSources.contains { $0.contains(peer) }
    }

    /// Traffic that groups do not filter. Source: SEMANTICS B.7.
    private func isExempt(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Bool {
        let peer = packet.addresses(seen: direction).peer
        if PlatformTraffic.awsServices.contains(peer) { return true }
        if let vpc = interface.vpc.flatMap({ vpcs[$0] }),
            PlatformTraffic.awsReserved(in: vpc).contains(peer)
        {
            return true
        }
        guard packet.ipProtocol == .udp,
            case .ports(let source, let destination, _) = packet.transport
        else { return false }
        let dhcp = PlatformTraffic.dhcpPorts
        return dhcp.contains(source) && dhcp.contains(destination)
    }
}
