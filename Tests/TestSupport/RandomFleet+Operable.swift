package import CloudModel

extension RandomFleet {
    /// A small random fleet that takes calls: see ``operable(seed:shape:)``.
    package static func operable(seed: UInt64, _ vendor: Vendor) -> Fleet {
        operable(seed: seed, shape: .small(vendor))
    }

    /// A random fleet that takes calls: its interfaces are on instances, its lists have room, and its
    /// ids have the vendor's form.
    ///
    /// - Precondition: there are at most ten groups.
    package static func operable(seed: UInt64, shape: WorldShape) -> Fleet {
        precondition(shape.groups.upperBound <= 10)
        let vendor = shape.vendor
        var fleet = RandomFleet(seed: seed, shape: shape).fleet
        for index in fleet.prefixLists.indices { fleet.prefixLists[index].maxEntries += 2 }
        for index in fleet.networkInterfaces.indices {
            let id = InstanceID("i-\(index / 2)")
            if index % 2 == 0 { fleet.instances.append(Instance(id: id)) }
            fleet.networkInterfaces[index].type = index % 2 == 0 ? .primary : .secondary
            guard fleet.networkInterfaces[index].status != .available else { continue }
            fleet.networkInterfaces[index].instance = id
            fleet.networkInterfaces[index].attachment = "eni-attach-\(index)"
        }
        return vendor == .aws ? withAWSNames(fleet) : fleet
    }

    private static func withAWSNames(_ fleet: Fleet) -> Fleet {
        func renamed(_ id: SecurityGroupID) -> SecurityGroupID {
            SecurityGroupID("sg-0000000" + id.text.dropFirst(3))
        }
        var fleet = fleet
        for group in fleet.securityGroups.indices {
            fleet.securityGroups[group].id = renamed(fleet.securityGroups[group].id)
            for rule in fleet.securityGroups[group].rules.indices {
                guard
                    case .securityGroup(var peer) = fleet.securityGroups[group].rules[rule].peer
                else { continue }
                peer.group = renamed(peer.group)
                fleet.securityGroups[group].rules[rule].peer = .securityGroup(peer)
            }
        }
        for index in fleet.networkInterfaces.indices {
            fleet.networkInterfaces[index].securityGroups =
                fleet.networkInterfaces[index].securityGroups.map(renamed)
        }
        return fleet
    }
}

extension Fleet {
    /// Takes away the rules that Alibaba Cloud refuses to store, which random fleets have all the same:
    /// a file with them cannot be read. Source: SEMANTICS A.1, A.7, A.9.
    package mutating func removeRefusedRules() {
        guard vendor == .alibaba else { return }
        let families = Dictionary(
            uniqueKeysWithValues: prefixLists.map { ($0.id, $0.addressFamily) })
        let basicGroups = Set(securityGroups.filter { $0.type == .normal }.map(\.id))
        for place in securityGroups.indices {
            let group = securityGroups[place].id
            securityGroups[place].rules.removeAll { rule in
                switch rule.peer {
                case .cidr(let block): !rule.isStorable(peer: block.family)
                case .prefixList(let list): !rule.isStorable(peer: families[list])
                case .securityGroup(let peer):
                    peer.group == group || !basicGroups.isSuperset(of: [group, peer.group])
                        || !rule.isStorable(peer: rule.localCIDR?.family ?? rule.ipProtocol.family)
                }
            }
        }
    }
}

extension SecurityGroupRule {
    /// Whether the rule's own address and protocol go with peers of this family.
    fileprivate func isStorable(peer family: AddressFamily?) -> Bool {
        guard let family, localCIDR.map({ $0.family == family }) ?? true else { return false }
        return ipProtocol != .only(family == .ipv4 ? .icmpv6 : .icmp)
    }
}

extension ProtocolMatch {
    /// A family in which the protocol occurs.
    fileprivate var family: AddressFamily { self == .only(.icmpv6) ? .ipv6 : .ipv4 }
}
