internal import CloudModel

/// Reads one permission and refuses it in the order of SEMANTICS C.2.7, whose rows the numbers
/// name.
struct PermissionReader {
    let parameters: Parameters
    let form: PermissionForm
    let direction: Direction

    /// The permission that the parameters describe.
    ///
    /// - Throws: the first refusal among rows 5 to 27.
    func read() throws(Refusal) -> Permission {
        let peerFields = PeerFields.of(direction)
        let peers = [
            peerFields.cidr, peerFields.ipv6CIDR, peerFields.group, peerFields.prefixList,
        ]
        try refuse(missingPeer, if: !peers.contains(where: has))  // 5, 6
        let ipProtocol = try readProtocol()  // 7
        let transport = try readTransport(of: ipProtocol)  // 8–10
        let sourcePorts = try readSourcePorts(of: ipProtocol)  // 11
        let source = try readBlock(.sourceCIDR, .ipv4, flatCode: "InvalidSourceCidrIp.Malformed")
        let destination = try readBlock(
            .destinationCIDR, .ipv4, flatCode: "InvalidDestCidrIp.Malformed")  // 12–15
        let source6 = try readBlock(
            .ipv6SourceCIDR, .ipv6, flatCode: "InvalidParameter.Ipv6CidrIp")
        let destination6 = try readBlock(
            .ipv6DestinationCIDR, .ipv6, flatCode: "InvalidParameter.Ipv6CidrIp")  // 16–18
        try refuse(.twoSources(form), if: source != nil && source6 != nil)  // 19
        try refuse(.twoDestinations(form), if: destination != nil && destination6 != nil)  // 20
        try checkFamilies(
            of: ipProtocol, ipv4: [source, destination], ipv6: [source6, destination6])  // 21, 22
        let policy = try readPolicy()  // 23
        let priority = try readPriority()  // 24, 25
        let nicType = try readNicType()  // 26
        let description = try readDescription()  // 27

        let isIngress = direction == .ingress
        let peerBlock = isIngress ? source ?? source6 : destination ?? destination6
        let rule = SecurityGroupRule(
            id: "", direction: direction, ipProtocol: ipProtocol, transport: transport,
            sourcePorts: sourcePorts, peer: try readPeer(peerFields, block: peerBlock),
            localCIDR: isIngress ? destination ?? destination6 : source ?? source6,
            policy: policy ?? .accept, priority: priority ?? 1, nicType: nicType,
            description: description)
        return Permission(
            rule: rule, form: form, weighsRules: policy == .drop || priority != nil)
    }

    // MARK: Fields

    private func has(_ field: PermissionField) -> Bool { parameters.has(field.rawValue) }

    private func text(_ field: PermissionField, _ code: String) throws(Refusal) -> String? {
        try parameters.text(field.rawValue, orRefuse: malformed(field, code))
    }

    private func malformed(_ field: PermissionField, _ code: String) -> Refusal {
        Refusal(400, code, "the parameter `\(form.name(of: field))` is malformed")
    }

    private var missingPeer: Refusal {
        let isIngress = direction == .ingress
        let listedCode = isIngress ? "MissingParameter.Source" : "MissingParameter.Dest"
        return Refusal(
            400, form == .flat ? "MissingParameter" : listedCode,
            "the permission names no \(isIngress ? "source" : "destination")")
    }

    private func readProtocol() throws(Refusal) -> ProtocolMatch {
        let code = "InvalidIpProtocol.ValueNotSupported"
        guard let text = try text(.ipProtocol, code), text != "-1",
            let ipProtocol = ProtocolMatch(text)
        else { throw malformed(.ipProtocol, code) }
        return ipProtocol
    }

    private func readTransport(
        of ipProtocol: ProtocolMatch
    ) throws(Refusal) -> TransportMatch {
        let code =
            form == .flat ? "InvalidIpPortRange.Malformed" : "InvalidParam.PortRange"
        if let text = try text(.portRange, code) {
            guard let range = ipProtocol.portRange(text, anyPortsAllowed: false) else {
                throw malformed(.portRange, code)
            }
            return range == .all ? .any : .destinationPorts(range)
        }
        if let list = try text(.portRangeList, "InvalidPortRangeListId.NotFound") {
            guard ipProtocol.hasFilteredPorts else {
                throw malformed(.portRangeList, "InvalidParam.ProtocolNotSupportPortRangeList")
            }
            return .portList(PortListID(list))
        }
        guard !ipProtocol.hasFilteredPorts else {
            throw Refusal(
                400, "InvalidPortRange.Malformed",
                "the parameter `\(form.name(of: .portRange))` is missing")
        }
        return .any
    }

    private func readSourcePorts(of ipProtocol: ProtocolMatch) throws(Refusal) -> PortRange? {
        let code = "InvalidSourcePortRange.Malformed"
        guard let text = try text(.sourcePortRange, code) else { return nil }
        guard let range = ipProtocol.portRange(text, anyPortsAllowed: true) else {
            throw malformed(.sourcePortRange, code)
        }
        return range == .all ? nil : range
    }

    private func readBlock(
        _ field: PermissionField, _ family: AddressFamily, flatCode: String
    ) throws(Refusal) -> CIDRBlock? {
        let code = form == .flat ? flatCode : "InvalidParam.\(field.rawValue)"
        guard let text = try text(field, code) else { return nil }
        guard let block = CIDRBlock(text), block.family == family else {
            throw malformed(field, code)
        }
        return block
    }

    private func checkFamilies(
        of ipProtocol: ProtocolMatch, ipv4: [CIDRBlock?], ipv6: [CIDRBlock?]
    ) throws(Refusal) {
        let (hasIPv4, hasIPv6) = (ipv4.contains { $0 != nil }, ipv6.contains { $0 != nil })
        try refuse(.icmpWithIPv6, if: ipProtocol == .only(.icmp) && hasIPv6)  // 21
        try refuse(.icmpv6WithIPv4, if: ipProtocol == .only(.icmpv6) && hasIPv4)  // 22
        try refuse(.mixedFamilies, if: hasIPv4 && hasIPv6)  // SEMANTICS A.1
    }

    private func readPolicy() throws(Refusal) -> Policy? {
        let code = "InvalidPolicy.Malformed"
        guard let text = try text(.policy, code) else { return nil }
        guard let policy = Policy(rawValue: text.lowercased()) else {
            throw malformed(.policy, code)
        }
        return policy
    }

    private func readPriority() throws(Refusal) -> UInt8? {
        let outside = "InvalidPriority.ValueNotSupported"
        guard let value = parameters[PermissionField.priority.rawValue] else { return nil }
        guard let priority = value.integer else {
            throw malformed(.priority, form == .flat ? "InvalidPriority.Malformed" : outside)
        }
        guard (1...100).contains(priority) else { throw malformed(.priority, outside) }
        return UInt8(priority)
    }

    private func readNicType() throws(Refusal) -> NetworkInterfaceCardType? {
        let code = "InvalidNicType.ValueNotSupported"
        guard let text = try text(.nicType, code) else { return nil }
        guard let type = NetworkInterfaceCardType(rawValue: text.lowercased()) else {
            throw malformed(.nicType, code)
        }
        return type
    }

    private func readDescription() throws(Refusal) -> String {
        let code = "InvalidSecurityGroupDiscription.Malformed"
        let name = PermissionField.description.rawValue
        try refuse(malformed(.description, code), if: parameters.isEmptyText(name))
        guard let text = try text(.description, code) else { return "" }
        guard text.count <= 512 else { throw malformed(.description, code) }
        return text
    }

    /// The first that is there of a block, a group and a prefix list. Source: SEMANTICS A.6.
    private func readPeer(_ fields: PeerFields, block: CIDRBlock?) throws(Refusal) -> Peer {
        if let block { return .cidr(block) }
        let isIngress = direction == .ingress
        let groupCode = isIngress ? "InvalidSourceGroupId.NotFound" : "InvalidDestGroupId.NotFound"
        let unknownGroup = Refusal(
            404, groupCode, "the parameter `\(form.name(of: fields.group))` names no group")
        if let group = try parameters.text(fields.group.rawValue, orRefuse: unknownGroup) {
            let owner = try text(fields.groupOwner, "InvalidParameter")
            let account = try text(fields.groupOwnerAccount, "InvalidParameter")
            return .securityGroup(GroupReference(SecurityGroupID(group), owner: owner ?? account))
        }
        guard
            let list = try parameters.text(
                fields.prefixList.rawValue, orRefuse: .unknownPrefixList(""))
        else { throw missingPeer }
        return .prefixList(PrefixListID(list))
    }
}

extension ProtocolMatch {
    /// Whether rules of the protocol test ports.
    var hasFilteredPorts: Bool {
        guard case .only(let ipProtocol) = self else { return false }
        return ipProtocol.hasFilteredPorts
    }

    /// The ports that `text` names: 1 to 65535 for TCP and UDP, `-1/-1` for what has no ports and,
    /// where `anyPortsAllowed`, for TCP and UDP. `nil` if it is neither.
    fileprivate func portRange(_ text: String, anyPortsAllowed: Bool) -> PortRange? {
        if text == "-1/-1" { return hasFilteredPorts && !anyPortsAllowed ? nil : .all }
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        guard hasFilteredPorts, ends.count == 2, let low = portNumber(ends[0]),
            let high = portNumber(ends[1]), low <= high
        else { return nil }
        return PortRange(low, high)
    }

    private func portNumber(_ digits: Substring) -> UInt16? {
        guard digits.utf8.allSatisfy({ $0.decimalDigit != nil }), let port = UInt16(digits),
            port > 0
        else { return nil }
        return port
    }
}

extension Refusal {
    fileprivate static func twoSources(_ form: PermissionForm) -> Refusal {
        let names = [PermissionField.sourceCIDR, .ipv6SourceCIDR].map(form.name)
        return Refusal(
            400, "InvalidParam.SourceIp", "`\(names[0])` and `\(names[1])` exclude each other")
    }

    fileprivate static func twoDestinations(_ form: PermissionForm) -> Refusal {
        let names = [PermissionField.destinationCIDR, .ipv6DestinationCIDR].map(form.name)
        return Refusal(
            400, "InvalidParam.DestIp", "`\(names[0])` and `\(names[1])` exclude each other")
    }

    fileprivate static let icmpWithIPv6 = Refusal(
        400, "InvalidParam.Ipv4ProtocolConflictWithIpv6Address", "icmp has no ipv6 addresses")

    fileprivate static let icmpv6WithIPv4 = Refusal(
        400, "InvalidParam.Ipv6ProtocolConflictWithIpv4Address", "icmpv6 has no ipv4 addresses")

    fileprivate static let mixedFamilies = Refusal(
        400, "InvalidParameter.Conflict", "a rule is for ipv4 or for ipv6, not for both")
}
