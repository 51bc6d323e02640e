package import CloudModel

extension FilterTables {
    /// Compiles a plain ordered list of IPv4 rules, of which the first that matches decides. Ports are
    /// tested whatever the protocol.
    ///
    /// The tables have one interface, at place 0, that queries enter; the number of a rule is its place
    /// in the list.
    package init(ordered rules: [QuintupleRule]) {
        self.init()
        var selectors = SelectorNumbers()
        for case .only(let ipProtocol) in rules.lazy.map(\.ipProtocol) { pages.add(ipProtocol) }
        let entries = rules.enumerated().map { place, rule in
            RuleEntry(
                order: UInt64(place), outcome: Outcome(.accept, byRule: UInt32(place)),
                peer: FilterTables.test(for: rule.source, &selectors),
                local: FilterTables.test(for: rule.destination, &selectors),
                services: services(of: rule), sources: FilterTables.sources(of: rule))
        }
        tablesOfPolicies = ruleTables.addTable(of: entries).map { [$0] } ?? []
        portClasses = PortClasses(
            serviceRanges: Set(entries.lazy.flatMap(\.services)),
            sourceRanges: Set(entries.lazy.map(\.sources)), pages: pages.count)

        var builder = PrefixChainBuilder()
        let memberships =
            selectors.selectors.enumerated().compactMap { number, selector in
                guard case .cidr(let block) = selector else { return nil }
                return (prefix: AddressPrefix(block), member: UInt32(number))
            } as [(prefix: AddressPrefix, member: UInt32)]
        tries = [builder.makeTrie(memberships), builder.makeTrie([])]
        chains = builder.chains

        interfaces = [InterfaceRecord(groupSet: 0, addressSpace: 0, state: .filtering)]
        openFlows = [[]]
        let noMatch = Outcome(.drop, .default)
        policies = [
            Policy(tables: tablesOfPolicies.indices, defaultOutcome: noMatch),
            Policy(tables: 0..<0, defaultOutcome: noMatch),
        ]
    }

    private static func test(
        for block: CIDRBlock, _ selectors: inout SelectorNumbers
    ) -> AddressTest {
        block.prefixLength == 0 ? .anyIPv4 : .selector(selectors.number(of: .cidr(block)))
    }

    private func services(of rule: QuintupleRule) -> [ClosedRange<UInt32>] {
        let ports = rule.destinationPorts
        switch (rule.ipProtocol, ports == .all) {
        case (.all, true): return [pages.allKeys]
        case (.all, false): return pages.keysOfAllPages(values: ports.lower...ports.upper)
        case (.only(let ipProtocol), true): return [pages.keys(of: ipProtocol)]
        case (.only(let ipProtocol), false):
            return [pages.keys(of: ipProtocol, values: ports.lower...ports.upper)]
        }
    }

    private static func sources(of rule: QuintupleRule) -> ClosedRange<UInt32> {
        rule.sourcePorts == .all
            ? ServiceKey.anySource : UInt32(rule.sourcePorts.lower)...UInt32(rule.sourcePorts.upper)
    }
}
