internal import CloudModel

extension Compiler {
    /// The tries of every VPC: the prefixes of the selectors that its rules name.
    mutating func addAddressSpaces() {
        var members: [[CIDRBlock]] = Array(repeating: [], count: fleet.securityGroups.count)
        for interface in fleet.networkInterfaces {
            for group in Set(interface.securityGroups) {
                if let place = placeOfGroup[group] { members[place] += interface.addresses }
            }
        }
        var builder = PrefixChainBuilder()
        for space in 0..<spaceCount {
            var memberships: [AddressFamily: [(prefix: AddressPrefix, member: UInt32)]] = [:]
            for selector in selectorsOfSpace[space] {
                let blocks = blocks(
                    of: selectors.selectors[Int(selector)], inSpace: space, members: members)
                for block in blocks {
                    memberships[block.family, default: []]
                        .append((AddressPrefix(block), selector))
                }
            }
            for family in [AddressFamily.ipv4, .ipv6] {
                tables.tries.append(builder.makeTrie(memberships[family] ?? []))
            }
        }
        tables.chains = builder.chains
    }

    /// The addresses of a selector in one address space.
    private func blocks(
        of selector: Selector, inSpace space: Int, members: [[CIDRBlock]]
    ) -> [CIDRBlock] {
        switch selector {
        case .cidr(let block): [block]
        case .prefixList(let place): fleet.prefixLists[place].entries
        case .group(let place): members[place]
        case .metadataServer: [CIDRBlock(PlatformTraffic.alibabaMetadataServer)]
        case .loadBalancers: fleet.loadBalancerSources
        case .platformProbes: fleet.platformProbes
        case .platformServices:
            (PlatformTraffic.awsServices
                + (space < fleet.vpcs.count
                    ? PlatformTraffic.awsReserved(in: fleet.vpcs[space]) : []))
                .map { CIDRBlock($0) }
        }
    }
}
