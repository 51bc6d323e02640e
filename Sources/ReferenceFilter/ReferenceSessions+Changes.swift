package import CloudModel

/// What a changed fleet does to sessions. Source: SEMANTICS A.8, C.4.
extension ReferenceSessions {
    /// Goes on with `fleet`, which some call or event has made of the one before.
    ///
    /// Alibaba Cloud judges sessions again, or keeps or flushes them, as the switch says; on AWS
    /// tracked sessions go on. An interface that left its instance has none.
    package mutating func apply(_ fleet: Fleet) {
        let before = filter
        filter = ReferenceFilter(fleet)
        let after = filter
        sessions.removeAll { session in
            guard let interface = after.interface(session.conversation.interface),
                interface.status.carriesTraffic
            else { return true }
            guard fleet.vendor == .alibaba else { return false }
            switch fleet.switches.sessionOnChange {
            case .keep: return false
            case .flush: return before.scope(of: interface.id) != after.scope(of: interface.id)
            case .reevaluate:
                return after.decide(session.firstPacket, at: interface, session.direction).verdict
                    != .accept
            }
        }
    }
}

/// All that the rules and memberships of an interface let its decisions hang on.
struct FilterScope: Hashable {
    /// A rule, and what its peer stands for.
    struct Rule: Hashable {
        var rule: SecurityGroupRule
        var blocks: [CIDRBlock]
    }

    var groups: Set<SecurityGroupID> = []
    var rules: Set<Rule> = []
    /// The addresses of those who share a group that is open inside.
    var friends: Set<CIDRBlock> = []
}

extension ReferenceFilter {
    func interface(_ id: NetworkInterfaceID) -> NetworkInterface? {
        fleet.networkInterfaces.first { $0.id == id }
    }

    /// What decides at the interface: two fleets in which it is the same decide alike there.
    func scope(of id: NetworkInterfaceID) -> FilterScope {
        var scope = FilterScope()
        for group in interface(id)?.securityGroups.compactMap({ groups[$0] }) ?? [] {
            scope.groups.insert(group.id)
            for var rule in group.rules {
                rule.description = ""
                scope.rules.insert(FilterScope.Rule(rule: rule, blocks: blocks(of: rule.peer)))
            }
            if group.type == .normal, group.innerAccessPolicy == .accept {
                scope.friends.formUnion(addresses(in: group.id))
            }
        }
        return scope
    }

    private func blocks(of peer: Peer) -> [CIDRBlock] {
        switch peer {
        case .cidr(let block): [block]
        case .prefixList(let id): (prefixLists[id]?.entries ?? []).sorted()
        case .securityGroup(let reference): addresses(in: reference.group).sorted()
        }
    }

    private func addresses(in group: SecurityGroupID) -> [CIDRBlock] {
        fleet.networkInterfaces.filter { $0.securityGroups.contains(group) }
            .flatMap(\.addresses)
    }
}
