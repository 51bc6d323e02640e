internal import CloudModel

extension JSONWriter {
    /// Writes the fields of a group of `vendor`, whose rules differ in form.
    mutating func writeMembers(_ group: SecurityGroup, _ vendor: Vendor) {
        write("id", group.id.text)
        writeIfAny("name", group.name)
        writeIfAny("vpc", group.vpc?.text)
        if group.type != .normal { write("type", group.type.rawValue) }
        let isOpenByDefault = vendor == .alibaba && group.type == .normal
        if group.innerAccessPolicy != (isOpenByDefault ? .accept : .drop) {
            write("innerAccessPolicy", group.innerAccessPolicy.rawValue)
        }
        writeIfTrue("serviceManaged", group.serviceManaged)
        writeIfAny("owner", group.owner)
        writeIfAny("region", group.region)
        writeIfTrue("deletionProtection", group.deletionProtection)
        writeLines("rules", group.rules) { $0.writeMembers($1, vendor) }
    }

    private mutating func writeMembers(_ rule: SecurityGroupRule, _ vendor: Vendor) {
        write("id", rule.id.text)
        write("direction", rule.direction.rawValue)
        write("protocol", rule.ipProtocol.text(of: vendor))
        writeTransport(rule.transport, vendor)
        writeIfAny("sourcePortRange", rule.sourcePorts?.description)
        writePeer(rule.peer)
        writeIfAny("localCidr", rule.localCIDR?.description)
        if vendor == .alibaba {
            if rule.policy != .accept { write("policy", rule.policy.rawValue) }
            if rule.priority != 1 { write("priority", rule.priority) }
        }
        writeIfAny("nicType", rule.nicType?.rawValue)
        if !rule.description.isEmpty { write("description", rule.description) }
    }

    private mutating func writeTransport(_ transport: TransportMatch, _ vendor: Vendor) {
        switch transport {
        case .any: break
        case .destinationPorts(let range) where vendor == .alibaba:
            write("portRange", range.description)
        case .destinationPorts(let range):
            write("fromPort", range.lower)
            write("toPort", range.upper)
        case .portList(let id): write("portList", id.text)
        case .icmp(let type, let code):
            write("fromPort", type)
            write("toPort", code.map { Int($0) } ?? -1)
        }
    }

    private mutating func writePeer(_ peer: Peer) {
        beginObject("peer")
        switch peer {
        case .cidr(let block): write("cidr", block.description)
        case .prefixList(let id): write("prefixList", id.text)
        case .securityGroup(let reference):
            write("securityGroup", reference.group.text)
            writeIfAny("owner", reference.owner)
            writeIfTrue("stale", reference.isStale)
        }
        endObject()
    }
}

extension ProtocolMatch {
    /// The name or number that `vendor` gives the protocol; AWS has no name for GRE.
    fileprivate func text(of vendor: Vendor) -> String {
        switch (vendor, self) {
        case (.aws, .all): "-1"
        case (.aws, .only(.gre)): String(IPProtocol.gre.rawValue)
        case (.alibaba, .all): "ALL"
        case (_, .only(let ipProtocol)): ipProtocol.description
        }
    }
}
