internal import CloudModel

/// What a rule asks of packets, with selectors by name: the form in which rules of all kinds go into
/// tables.
struct TableRule: Hashable {
    /// Which addresses one side of a rule admits.
    enum AddressTest: Hashable {
        /// Every address of both families.
        case any
        /// `0.0.0.0/0`
        case anyIPv4
        /// `::/0`
        case anyIPv6
        case selector(Selector)

        /// The addresses of a block.
        init(_ block: CIDRBlock) {
            switch (block.prefixLength, block.family) {
            case (0, .ipv4): self = .anyIPv4
            case (0, .ipv6): self = .anyIPv6
            default: self = .selector(.cidr(block))
            }
        }
    }

    var order: RuleOrder
    var peer = AddressTest.any
    var local = AddressTest.any
    /// One for each range; a rule with an empty port list has none.
    var tests: [RuleTest]

    /// A step that every packet of `ipProtocol` passes, or those in the ranges.
    init(
        step order: RuleOrder, peer: AddressTest = .any, _ ipProtocol: ProtocolMatch = .all,
        destination: ClosedRange<UInt16>? = nil, source: ClosedRange<UInt16>? = nil
    ) {
        self.order = order
        self.peer = peer
        tests = [RuleTest(ipProtocol, destination: destination, source: source)]
    }

    /// A security group's rule whose peer admits `peer`. `ranges` is what its port list has.
    init(_ rule: SecurityGroupRule, peer: AddressTest, portList ranges: [PortRange]) {
        order = RuleOrder(rule)
        self.peer = peer
        local = rule.localCIDR.map { AddressTest($0) } ?? .any
        let source = rule.sourcePorts.map { $0.lower...$0.upper }
        tests = TableRule.destinations(of: rule.transport, ranges).map {
            RuleTest(rule.ipProtocol, destination: $0, source: source)
        }
    }

    /// A line of a plain ordered list.
    init(_ rule: QuintupleRule, order: RuleOrder) {
        self.order = order
        peer = AddressTest(rule.source)
        local = AddressTest(rule.destination)
        tests = [
            RuleTest(
                rule.ipProtocol, destination: TableRule.restricting(rule.destinationPorts),
                source: TableRule.restricting(rule.sourcePorts))
        ]
    }

    /// The destination ranges of a rule; `nil` among them is any, known or not. Source: SEMANTICS A.3
    /// steps 2 and 3, B.3.
    private static func destinations(
        of transport: TransportMatch, _ ranges: [PortRange]
    ) -> [ClosedRange<UInt16>?] {
        switch transport {
        case .any: return [nil]
        case .destinationPorts(let range): return [range.lower...range.upper]
        case .portList:
            if ranges.contains(.all) { return [nil] }
            return Set(ranges).sorted { ($0.lower, $0.upper) < ($1.lower, $1.upper) }
                .map { $0.lower...$0.upper }
        case .icmp(let type, let code):
            let first = UInt16(type) << 8 | UInt16(code ?? 0)
            return [first...UInt16(type) << 8 | UInt16(code ?? 0xFF)]
        }
    }

    private static func restricting(_ range: PortRange) -> ClosedRange<UInt16>? {
        range == .all ? nil : range.lower...range.upper
    }
}
