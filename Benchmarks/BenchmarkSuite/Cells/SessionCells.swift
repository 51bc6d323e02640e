internal import CProbes
internal import CloudModel
internal import ControlPlane
internal import Replay
internal import Sessions

/// What a live session adds to the time of a call that has the sessions of its interface judged again.
struct SessionCells {
    static let name = "sessions/rejudge"

    private static let sessionCount = 100_000
    private static let ruleCount = 100
    private let options: SuiteOptions

    init(_ options: SuiteOptions) { self.options = options }

    /// Measures calls that give the interface's group a rule and take it away; no session is cut.
    func run(_ report: (Row) -> Void) {
        var live = LiveFleet(SessionCells.fleet())
        begin(&live)
        let rule = SecurityGroupRule(
            id: "", direction: .ingress, ipProtocol: .only(.udp),
            transport: .destinationPorts(PortRange(9, 9)),
            peer: .cidr(SessionCells.block(0)))
        var times: [Double] = []
        for _ in 0...options.rounds {
            for name in ["AuthorizeSecurityGroup", "RevokeSecurityGroup"] {
                let request = OperationRequest.permission(rule, name, FleetNames.group(0))
                let start = thread_nanoseconds()
                let outcome = live.perform(request)
                let time = Double(thread_nanoseconds() - start)
                precondition(!outcome.changes(by: request).isEmpty)
                times.append(time / Double(SessionCells.sessionCount))
            }
        }
        precondition(live.evaluator.sessionCounts()?.live == SessionCells.sessionCount)
        // The first call indexes the fleet.
        report(
            Row(
                SessionCells.name, .nanoseconds, Sample(Array(times.dropFirst(2))),
                note: "a session of \(SessionCells.sessionCount), \(SessionCells.ruleCount) rules"))
    }

    /// One interface in a group of rules that each admit a block.
    private static func fleet() -> Fleet {
        var fleet = Fleet(vendor: .alibaba)
        fleet.vpcs = [VPC(id: FleetNames.vpc(0), cidrBlocks: [FleetNames.vpcBlock])]
        let rules = (0..<ruleCount).map { number in
            SecurityGroupRule(
                id: RuleID(number: number), direction: .ingress, ipProtocol: .only(.tcp),
                transport: .destinationPorts(PortRange(443, 443)), peer: .cidr(block(number)))
        }
        fleet.securityGroups = [
            SecurityGroup(
                id: FleetNames.group(0), vpc: FleetNames.vpc(0), innerAccessPolicy: .drop,
                rules: rules)
        ]
        fleet.networkInterfaces = [
            NetworkInterface(
                id: FleetNames.interface(0), vpc: FleetNames.vpc(0),
                addresses: [CIDRBlock(FleetNames.address(ofInterface: 0))],
                securityGroups: [FleetNames.group(0)])
        ]
        fleet.nextRuleNumber = ruleCount
        return fleet
    }

    private static func block(_ number: Int) -> CIDRBlock {
        CIDRBlock(IPAddress(ipv4: 60 << 24 | UInt32(number) << 16), prefixLength: 16)
    }

    /// Begins a session from each of as many addresses, spread over the rules.
    private func begin(_ live: inout LiveFleet) {
        for number in 0..<SessionCells.sessionCount {
            let block = SessionCells.block(number % SessionCells.ruleCount)
            var packet = Packet(
                source: block.network.advanced(by: UInt32(number / SessionCells.ruleCount + 1)),
                destination: FleetNames.address(ofInterface: 0), ipProtocol: .tcp)
            packet.transport = .ports(source: 40_000, destination: 443, tcpFlags: .syn)
            _ = live.decide(packet)
        }
    }
}
