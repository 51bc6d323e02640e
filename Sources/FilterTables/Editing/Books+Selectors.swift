internal import CloudModel

extension Books {
    // MARK: Uses

    /// Notes that one more rule of an address space names a selector; whether it is the first.
    mutating func use(
        _ selector: Selector, inSpace space: Int
    ) -> (id: SelectorID, isFirst: Bool) {
        let use = selectors.use(SpacedSelector(space: space, selector: selector))
        guard use.isFirst else { return use }
        switch selector {
        case .prefixList(let list): lists[list].spaces.append(space)
        case .group(let group): groups[group].spaces.append(space)
        default: break
        }
        return use
    }

    /// Notes that one rule fewer of an address space names a selector; whether it was the last.
    mutating func disuse(
        _ selector: Selector, inSpace space: Int
    ) -> (id: SelectorID, isLast: Bool) {
        let use = selectors.disuse(SpacedSelector(space: space, selector: selector))
        guard use.isLast else { return use }
        switch selector {
        case .prefixList(let list): lists[list].spaces.removeAll { $0 == space }
        case .group(let group): groups[group].spaces.removeAll { $0 == space }
        default: break
        }
        return use
    }

    // MARK: Addresses

    /// The addresses of a selector in one address space.
    func blocks(of selector: Selector, inSpace space: Int) -> [CIDRBlock] {
        switch selector {
        case .cidr(let block): [block]
        case .prefixList(let list): lists[list].entries
        case .group(let group):
            groups[group].members.flatMap { interfaces[Int($0)].addresses }
        case .metadataServer: [CIDRBlock(PlatformTraffic.alibabaMetadataServer)]
        case .loadBalancers: facts.loadBalancerSources
        case .platformProbes: facts.platformProbes
        case .platformServices:
            (PlatformTraffic.awsServices
                + (space < facts.vpcs.count
                    ? PlatformTraffic.awsReserved(in: facts.vpcs[space]) : []))
                .map { CIDRBlock($0) }
        }
    }
}
