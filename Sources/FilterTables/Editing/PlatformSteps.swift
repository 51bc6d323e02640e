internal import CloudModel

/// The steps that come before a group's own rules, in the form of rules.
enum PlatformSteps {
    /// What the platform accepts whatever the rules say, with the reason that it gives.
    ///
    /// Source: SEMANTICS A.11, B.7. Sets of addresses that are empty for good are left out.
    static func steps(
        _ direction: Direction, _ facts: FleetFacts
    ) -> (outcome: StepOutcome, rules: [TableRule]) {
        facts.vendor == .aws ? (.exempt, exempt()) : (.system, system(direction, facts))
    }

    private static func exempt() -> [TableRule] {
        let dhcp = PlatformTraffic.dhcpPorts.lower...PlatformTraffic.dhcpPorts.upper
        return [
            TableRule(step: .platform, peer: .selector(.platformServices)),
            TableRule(step: .platform, .only(.udp), destination: dhcp, source: dhcp),
        ]
    }

    private static func system(_ direction: Direction, _ facts: FleetFacts) -> [TableRule] {
        let metadata = TableRule(step: .platform, peer: .selector(.metadataServer))
        guard direction == .ingress else { return [metadata] }
        let needed = PlatformTraffic.fragmentationNeeded
        let neededValue = UInt16(needed.type) << 8 | UInt16(needed.code)
        let tooBig = UInt16(PlatformTraffic.packetTooBigType) << 8
        var steps = [
            metadata,
            TableRule(step: .platform, .only(.icmp), destination: neededValue...neededValue),
            TableRule(step: .platform, .only(.icmpv6), destination: tooBig...tooBig | 0xFF),
        ]
        if !facts.platformProbes.isEmpty {
            for ipProtocol in [IPProtocol.icmp, .icmpv6] {
                steps.append(
                    TableRule(
                        step: .platform, peer: .selector(.platformProbes), .only(ipProtocol)))
            }
        }
        if !facts.loadBalancerSources.isEmpty {
            steps.append(TableRule(step: .platform, peer: .selector(.loadBalancers)))
        }
        return steps
    }

    /// Accept between members of an open group. Source: SEMANTICS A.5.
    static func intraGroup(_ group: Int) -> TableRule {
        TableRule(step: .intraGroup, peer: .selector(.group(group)))
    }
}
