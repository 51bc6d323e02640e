internal import CloudModel

/// One IpPermission of a call: a protocol with ports and any number of peers, each a rule of its
/// own.
struct IPPermission {
    /// Protocol name as given, to be handed back.
    let ipProtocol: String
    let fromPort: Int?
    let toPort: Int?
    /// One rule for each peer, without an id.
    var rules: [SecurityGroupRule]

    /// The permission that `parameters` describe.
    ///
    /// - Throws: row 6 of SEMANTICS C.5.
    init(
        _ parameters: Parameters, _ direction: Direction, in state: CloudState
    ) throws(Refusal) {
        try parameters.refuseStrangers([
            "IpProtocol", "FromPort", "ToPort", "IpRanges", "Ipv6Ranges", "PrefixListIds",
            "Groups", "UserIdGroupPairs",
        ])
        let service = try IPService(parameters)
        ipProtocol = service.name
        (fromPort, toPort) = (service.fromPort, service.toPort)
        rules = try readPeers(parameters, in: state).map { peer, description in
            SecurityGroupRule(
                id: "", direction: direction, ipProtocol: service.ipProtocol,
                transport: service.transport, peer: peer, description: description)
        }
        try refuse(.missingPeer, if: rules.isEmpty)
    }

    /// A permission made of one rule, as the flat parameters give it.
    init(_ service: IPService, rules: [SecurityGroupRule]) {
        ipProtocol = service.name
        (fromPort, toPort) = (service.fromPort, service.toPort)
        self.rules = rules
    }

    /// The permission with those of its peers that `rules` have, as the vendor writes it.
    func value(withPeersOf rules: [SecurityGroupRule]) -> ParameterValue {
        var members: [String: ParameterValue] = ["IpProtocol": .string(ipProtocol)]
        if let fromPort { members["FromPort"] = .integer(fromPort) }
        if let toPort { members["ToPort"] = .integer(toPort) }
        for rule in rules {
            let (list, peer) = rule.peer.listedValue
            if case .array(let others)? = members[list] {
                members[list] = .array(others + [peer])
            } else {
                members[list] = [peer]
            }
        }
        return .object(members)
    }
}

/// Protocol, ports and ICMP types as AWS writes them. Source: SEMANTICS B.1.
struct IPService {
    let name: String
    let fromPort: Int?
    let toPort: Int?
    let ipProtocol: ProtocolMatch
    let transport: TransportMatch

    init(_ parameters: Parameters) throws(Refusal) {
        let text = try parameters.text("IpProtocol", orRefuse: .invalidValue("IpProtocol"))
        guard let text else { throw .malformedPermission("`IpProtocol` is missing") }
        // GRE has a number on AWS, but no name; -1 is the only name for all.
        guard let ipProtocol = ProtocolMatch(text), !["all", "gre"].contains(text.lowercased())
        else { throw .invalidValue("IpProtocol") }
        self.init(
            name: text, ipProtocol, try parameters.port("FromPort"),
            try parameters.port("ToPort"),
            transport: try transportMatch(
                ipProtocol, try parameters.port("FromPort"), try parameters.port("ToPort")))
    }

    /// All ports of a protocol, or all ICMP types.
    init(allOf ipProtocol: IPProtocol) {
        let isICMP = ipProtocol.isICMP
        self.init(
            name: ipProtocol.description, .only(ipProtocol), isICMP ? -1 : 0, isICMP ? -1 : 65535,
            transport: .any)
    }

    private init(
        name: String, _ ipProtocol: ProtocolMatch, _ fromPort: Int?, _ toPort: Int?,
        transport: TransportMatch
    ) {
        self.name = name
        self.ipProtocol = ipProtocol
        self.fromPort = fromPort
        self.toPort = toPort
        self.transport = transport
    }
}

private func transportMatch(
    _ ipProtocol: ProtocolMatch, _ from: Int?, _ to: Int?
) throws(Refusal) -> TransportMatch {
    guard case .only(let number) = ipProtocol, number.hasFilteredPorts || number.isICMP else {
        return .any
    }
    if number == .icmpv6, from == nil, to == nil { return .any }
    guard let from, let to else {
        throw .malformedPermission("`FromPort` and `ToPort` are both needed")
    }
    if number.isICMP {
        try refuse(.invalidValue("FromPort"), if: !(-1...255).contains(from))
        try refuse(
            .invalidValue("ToPort"), if: !(-1...255).contains(to) || (from == -1 && to != -1))
        return from == -1 ? .any : .icmp(type: UInt8(from), code: to == -1 ? nil : UInt8(to))
    }
    try refuse(.invalidValue("FromPort"), if: !(0...65535).contains(from))
    try refuse(.invalidValue("ToPort"), if: !(0...65535).contains(to) || to < from)
    let range = PortRange(UInt16(from), UInt16(to))
    return range == .all ? .any : .destinationPorts(range)
}

private func readPeers(
    _ parameters: Parameters, in state: CloudState
) throws(Refusal) -> [(Peer, String)] {
    var peers: [(Peer, String)] = []
    for item in try parameters.objects("IpRanges", known: ["CidrIp", "Description"]) {
        peers.append((try item.block("CidrIp", .ipv4), try item.ruleDescription()))
    }
    for item in try parameters.objects("Ipv6Ranges", known: ["CidrIpv6", "Description"]) {
        peers.append((try item.block("CidrIpv6", .ipv6), try item.ruleDescription()))
    }
    for item in try parameters.objects("PrefixListIds", known: ["PrefixListId", "Description"]) {
        let id = try item.text("PrefixListId", orRefuse: .invalidValue("PrefixListId"))
        guard let id else { throw .malformedPermission("`PrefixListId` is missing") }
        peers.append((.prefixList(PrefixListID(id)), try item.ruleDescription()))
    }
    let pairs = try parameters.objects(
        "Groups", "UserIdGroupPairs",
        known: [
            "GroupId", "GroupName", "UserId", "VpcId", "VpcPeeringConnectionId", "PeeringStatus",
            "Description",
        ])
    for item in pairs {
        peers.append((try item.groupPeer(in: state), try item.ruleDescription()))
    }
    return peers
}

extension Parameters {
    /// Refuses parameters beside `known` ones.
    func refuseStrangers(_ known: Set<String>) throws(Refusal) {
        guard let stranger = names.first(where: { !known.contains($0) }) else { return }
        throw .unknownParameter(stranger)
    }

    /// The objects of the list called by the first of `names` that is there.
    func objects(_ names: String..., known: Set<String>) throws(Refusal) -> [Parameters] {
        var objects: [Parameters] = []
        for element in list(named: names) ?? [] {
            guard case .object(let members) = element else { throw .invalidValue(names[0]) }
            let object = Parameters(members)
            try object.refuseStrangers(known)
            objects.append(object)
        }
        return objects
    }

    func port(_ name: String) throws(Refusal) -> Int? {
        guard let value = self[name] else { return nil }
        guard let port = value.integer else { throw .invalidValue(name) }
        return port
    }

    /// AWS keeps blocks without host bits (SEMANTICS B.1).
    func block(_ name: String, _ family: AddressFamily) throws(Refusal) -> Peer {
        guard let text = try text(name, orRefuse: .invalidValue(name)) else {
            throw .malformedPermission("`\(name)` is missing")
        }
        guard let block = CIDRBlock(text), block.family == family else { throw .invalidValue(name) }
        return .cidr(block.canonical)
    }

    func ruleDescription() throws(Refusal) -> String {
        let text = try text("Description", orRefuse: .invalidValue("Description")) ?? ""
        try refuse(.invalidValue("Description"), if: text.count > 255)
        return text
    }

    fileprivate func groupPeer(in state: CloudState) throws(Refusal) -> Peer {
        let owner = try text("UserId", orRefuse: .invalidValue("UserId"))
        if let id = try text("GroupId", orRefuse: .malformedAWSGroupID("")) {
            try refuse(.malformedAWSGroupID(id), if: !id.isAWSGroupID)
            let group = SecurityGroupID(id)
            return .securityGroup(
                GroupReference(group, owner: state.foreignOwner(owner, of: group)))
        }
        guard let name = try text("GroupName", orRefuse: .invalidValue("GroupName")) else {
            throw .malformedPermission("a group is given neither by id nor by name")
        }
        return .securityGroup(GroupReference(try state.groupInDefaultVPC(named: name).id))
    }
}

extension Peer {
    /// The name of the list that has such peers, and the peer as its member.
    fileprivate var listedValue: (list: String, member: ParameterValue) {
        switch self {
        case .cidr(let block) where block.family == .ipv4:
            ("IpRanges", ["CidrIp": .string(block.cidrText)])
        case .cidr(let block): ("Ipv6Ranges", ["CidrIpv6": .string(block.cidrText)])
        case .prefixList(let id): ("PrefixListIds", ["PrefixListId": .string(id.text)])
        case .securityGroup(let reference): ("UserIdGroupPairs", reference.value)
        }
    }
}

extension GroupReference {
    var value: ParameterValue {
        var members: [String: ParameterValue] = ["GroupId": .string(group.text)]
        if let owner { members["UserId"] = .string(owner) }
        return .object(members)
    }
}

extension CIDRBlock {
    /// The block with its length, which AWS writes for a single address too.
    var cidrText: String { "\(address)/\(prefixLength)" }
}
