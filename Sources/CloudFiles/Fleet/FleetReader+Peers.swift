internal import CloudModel

/// The keys of a rule's peer.
private enum PeerKey: String, JSONKey {
    case cidr, securityGroup, owner, stale, prefixList

    static let table = JSONKeyTable<PeerKey>()
}

extension FleetReader {
    /// The peer that comes next; `nil` if mistakes in it were reported.
    func readPeer(from document: inout DocumentReader) throws(JSONSyntaxError) -> Peer? {
        guard var object = try document.enterObject(of: PeerKey.self) else { return nil }
        var selectors: [Peer] = []
        var owner: String?
        var isStale = false
        while let key = try document.nextKey(in: &object) {
            switch key {
            case .cidr:
                guard let block = try document.readBlock() else { continue }
                // AWS stores canonical blocks (SEMANTICS B.1), Alibaba Cloud what it was given.
                selectors.append(.cidr(fleet.vendor == .aws ? block.canonical : block))
            case .securityGroup:
                guard let id = try document.readID(SecurityGroupID.self) else { continue }
                selectors.append(.securityGroup(GroupReference(id)))
            case .prefixList:
                guard let id = try document.readID(PrefixListID.self) else { continue }
                selectors.append(.prefixList(id))
            case .owner: owner = try document.readString()
            case .stale: isStale = try document.readBoolean() ?? false
            }
        }
        let given = [PeerKey.cidr, .securityGroup, .prefixList].filter(object.has)
        guard given.count == 1 else {
            let all = [PeerKey.cidr, .securityGroup, .prefixList].map(\.rawValue)
            document.report(.notExactlyOne(of: all), at: [], below: object.start)
            return nil
        }
        guard case .securityGroup(var reference)? = selectors.first else {
            let stray = given == [.securityGroup] ? [] : [PeerKey.owner, .stale].filter(object.has)
            for key in stray {
                document.report(
                    .keyNeedsGroupPeer(key.rawValue), at: [.key(key.rawValue)],
                    below: object.start)
            }
            return stray.isEmpty ? selectors.first : nil
        }
        reference.owner = owner
        reference.isStale = isStale
        return .securityGroup(reference)
    }
}
