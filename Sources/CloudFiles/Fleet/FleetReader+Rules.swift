internal import CloudModel

/// A rule as its object gives it, before its fields are held against one another.
struct RuleDraft {
    /// What stands for the id of a rule that came without one until all given ids are known.
    static let unnumbered = RuleID("")

    /// One end of an AWS port pair: a port, an ICMP type or code, or -1.
    typealias PortEnd = Int

    var id = RuleDraft.unnumbered
    var direction: Direction?
    var ipProtocol: ProtocolMatch?
    var portRange = PortRange.all
    var sourcePortRange = PortRange.all
    var fromPort: PortEnd?
    var toPort: PortEnd?
    var portList: PortListID?
    var peer: Peer?
    var localCIDR: CIDRBlock?
    var policy = Policy.accept
    var priority: UInt8 = 1
    var nicType: NetworkInterfaceCardType?
    var description = ""

    /// The keys of a rule.
    enum Key: String, JSONKey {
        case id, direction, `protocol`, portRange, peer, policy, priority, description
        case fromPort, toPort, sourcePortRange, localCidr, portList, nicType

        static let table = JSONKeyTable<Key>()

        /// The vendor whose rules alone have this field.
        var vendor: Vendor? {
            switch self {
            case .id, .direction, .protocol, .peer, .description: nil
            case .fromPort, .toPort: .aws
            case .portRange, .policy, .priority, .sourcePortRange, .localCidr, .portList, .nicType:
                .alibaba
            }
        }
    }
}

extension FleetReader {
    /// The rule that comes next and where it begins; `nil` if it is too broken to check further.
    mutating func readRule(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> (rule: SecurityGroupRule, start: Int)? {
        let errorCount = document.errors.count
        guard var object = try document.enterObject(of: RuleDraft.Key.self) else { return nil }
        var draft = RuleDraft()
        while let key = try document.nextKey(in: &object) {
            if let vendor = key.vendor, vendor != fleet.vendor {
                document.report(.foreignKey(fleet.vendor, .rule))
                try document.skipValue()
            } else {
                try read(key, of: &draft, from: &document)
            }
        }
        document.require(.direction, .protocol, .peer, in: object)
        guard let direction = draft.direction, let ipProtocol = draft.ipProtocol,
            let peer = draft.peer
        else { return nil }
        do throws(RuleFlaw) {
            return (try checkedRule(draft, direction, ipProtocol, peer), object.start)
        } catch {
            // A field that was refused is missing from the draft: what follows from that is no flaw.
            if document.errors.count == errorCount {
                document.report(error.mistake, at: [.key(error.key.rawValue)], below: object.start)
            }
            return nil
        }
    }

    private mutating func read(
        _ key: RuleDraft.Key, of draft: inout RuleDraft, from document: inout DocumentReader
    ) throws(JSONSyntaxError) {
        switch key {
        case .id: draft.id = try readRuleID(from: &document)
        case .direction: draft.direction = try document.readWord(Direction.self)
        case .protocol: draft.ipProtocol = try readProtocol(from: &document)
        case .peer: draft.peer = try readPeer(from: &document)
        case .portRange: draft.portRange = try document.readPortRangeOrAny() ?? .all
        case .sourcePortRange: draft.sourcePortRange = try readSourcePorts(from: &document)
        case .fromPort: draft.fromPort = try document.readInteger(in: -1...65535)
        case .toPort: draft.toPort = try document.readInteger(in: -1...65535)
        case .portList: draft.portList = try document.readID(PortListID.self)
        case .localCidr: draft.localCIDR = try document.readBlock()
        case .policy: draft.policy = try document.readWordInAnyCase(Policy.self) ?? .accept
        case .priority: draft.priority = UInt8(try document.readInteger(in: 1...110) ?? 1)
        case .nicType: draft.nicType = try document.readWord(NetworkInterfaceCardType.self)
        case .description: draft.description = try document.readString() ?? ""
        }
    }

    private mutating func readRuleID(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> RuleID {
        guard let id = try document.readID(RuleID.self) else { return RuleDraft.unnumbered }
        if !ruleIDs.insert(id).inserted { document.report(.duplicateID(.rule, id.text)) }
        return id
    }

    /// A protocol's name or number, as a string or a number; AWS has no name for GRE.
    private func readProtocol(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> ProtocolMatch? {
        if try document.json.nextKind() == .number {
            guard let number = try document.readInteger(in: -1...255) else { return nil }
            return number == -1 ? .all : .only(IPProtocol(rawValue: UInt8(number)))
        }
        guard let text = try document.readString() else { return nil }
        if let match = ProtocolMatch(text), fleet.vendor == .alibaba || text.lowercased() != "gre" {
            return match
        }
        document.report(.malformed(.ipProtocol, found: text))
        return nil
    }

    /// The source ports; the vendor writes "any" as `""` too.
    private func readSourcePorts(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> PortRange {
        if try document.json.nextKind() == .string, document.json.peekIsEmptyString {
            _ = try document.readText()
            return .all
        }
        return try document.readPortRangeOrAny() ?? .all
    }
}
