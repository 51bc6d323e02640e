package import CloudModel

/// What a changed fleet does to sessions. Source: SEMANTICS A.8, C.4.
extension ReferenceSessions {
    /// Goes on with `fleet`, which some call or event has made of the one before.
    ///
    /// Alibaba Cloud judges sessions again, or keeps or flushes them, as the switch says; on AWS
    /// tracked sessions go on. An interface that left its instance has none, nor has an address that
    /// was taken away.
    package mutating func apply(_ fleet: Fleet) {
        let before = filter
        filter = ReferenceFilter(fleet)
        let after = filter
        sessions.removeAll { session in
            guard let interface = after.interface(session.conversation.interface),
                interface.status.carriesTraffic
            else { return true }
            let own = session.firstPacket.addresses(seen: session.direction).local
            let hadAddress = before.interface(interface.id)?.owns(own) ?? false
            if hadAddress, !interface.owns(own) { return true }
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
        var entries: Set<CIDRBlock> = []
        var members: Set<Member> = []
    }

    /// An interface in a group, with its addresses.
    struct Member: Hashable {
        var interface: NetworkInterfaceID
        var addresses: Set<CIDRBlock>
    }

    var groups: Set<SecurityGroupID> = []
    var rules: Set<Rule> = []
    /// Those who share a group that is open inside, by group.
    var friends: [SecurityGroupID: Set<Member>] = [:]
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
            for rule in group.rules { scope.rules.insert(scopedRule(rule)) }
            if group.type == .normal, group.innerAccessPolicy == .accept {
                scope.friends[group.id] = members(of: group.id)
            }
        }
        return scope
    }

    private func scopedRule(_ rule: SecurityGroupRule) -> FilterScope.Rule {
        var scoped = FilterScope.Rule(rule: rule)
        switch rule.peer {
        case .cidr: break
        case .prefixList(let id): scoped.entries = Set(prefixLists[id]?.entries ?? [])
        case .securityGroup(let reference) where reference.isStale: break
        case .securityGroup(let reference): scoped.members = members(of: reference.group)
        }
        return scoped
    }

    private func members(of group: SecurityGroupID) -> Set<FilterScope.Member> {
        Set(
            fleet.networkInterfaces.filter { $0.securityGroups.contains(group) }
                .map { FilterScope.Member(interface: $0.id, addresses: Set($0.addresses)) })
    }
}
