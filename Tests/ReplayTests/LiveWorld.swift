import CloudModel
import ControlPlane
import Replay
import Testing

/// A fleet of one interface of interest, `eni-a` (10.0.0.1), and a neighbour in its group, `eni-b`
/// (10.0.0.2), driven packet by packet.
struct LiveWorld: ~Copyable {
    var live: LiveFleet

    init(_ vendor: Vendor, _ rules: [SecurityGroupRule], _ edit: (inout Fleet) -> Void = { _ in }) {
        var fleet = Fleet(vendor: vendor)
        fleet.vpcs = [VPC(id: "vpc-1")]
        fleet.securityGroups = [
            SecurityGroup(id: "sg-00000001", vpc: "vpc-1", innerAccessPolicy: .drop, rules: rules),
            SecurityGroup(id: "sg-00000002", vpc: "vpc-1", innerAccessPolicy: .drop),
        ]
        for (id, address) in [("eni-a", UInt32(0x0A00_0001)), ("eni-b", 0x0A00_0002)] {
            fleet.networkInterfaces.append(
                NetworkInterface(
                    id: NetworkInterfaceID(id), vpc: "vpc-1",
                    addresses: [
                        CIDRBlock(IPAddress(ipv4: address)),
                        CIDRBlock(IPAddress(ipv6High: 0x2001_0DB8 << 32, low: UInt64(address))),
                    ],
                    securityGroups: ["sg-00000001"]))
        }
        edit(&fleet)
        live = LiveFleet(fleet)
    }

    /// A rule of AWS's form, or Alibaba Cloud's with the defaults.
    static func rule(
        _ id: RuleID, _ direction: Direction, _ ipProtocol: IPProtocol?,
        _ ports: ClosedRange<UInt16>? = nil, peer: String = "0.0.0.0/0"
    ) throws -> SecurityGroupRule {
        SecurityGroupRule(
            id: id, direction: direction, ipProtocol: ipProtocol.map { .only($0) } ?? .all,
            transport: ports.map { .destinationPorts(PortRange($0.lowerBound, $0.upperBound)) }
                ?? .any,
            peer: .cidr(try #require(CIDRBlock(peer))))
    }

    /// The reason why `eni-a` decides a packet; a rule's id where a rule decides, and `-` in front of
    /// what drops.
    mutating func see(_ text: String, _ direction: Direction? = nil) throws -> String {
        try see(Packet(text), direction)
    }

    mutating func see(_ packet: Packet, _ direction: Direction? = nil) throws -> String {
        let placement = live.placement(InterfaceBinding("eni-a", direction))
        let decision = live.decide(packet, at: try #require(placement)).decision
        let cause = decision.rule?.text ?? decision.reason.rawValue
        return decision.verdict == .drop ? "-" + cause : cause
    }

    /// Sees a packet to or from `eni-a` at each of these seconds of the clock.
    mutating func see(_ text: String, afterSeconds seconds: Int) throws -> String {
        live.advance(by: .seconds(seconds))
        return try see(text)
    }

    mutating func perform(
        _ operation: String, _ parameters: [String: ParameterValue]
    ) throws {
        let outcome = live.perform(OperationRequest(operation, parameters))
        if case .refused(let refusal) = outcome {
            Issue.record("\(operation) is refused: \(refusal.code), \(refusal.message)")
        }
    }

    /// Revokes rules of `sg-00000001`, whichever the vendor.
    mutating func revoke(_ rules: RuleID..., egress: Bool = false) throws {
        let ids = ParameterValue.array(rules.map { .string($0.text) })
        if live.fleet.vendor == .aws {
            try perform(
                egress ? "RevokeSecurityGroupEgress" : "RevokeSecurityGroupIngress",
                ["GroupId": "sg-00000001", "SecurityGroupRuleId": ids])
        } else {
            try perform(
                egress ? "RevokeSecurityGroupEgress" : "RevokeSecurityGroup",
                ["RegionId": "r", "SecurityGroupId": "sg-00000001", "SecurityGroupRuleId": ids])
        }
    }
}
