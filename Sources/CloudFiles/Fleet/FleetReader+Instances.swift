internal import CloudModel

private enum InstanceKey: String, JSONKey {
    case id, status, lockedForSecurity, beingCreated, owner, region, zone, capabilities

    static let table = JSONKeyTable<InstanceKey>()
}

private enum CapabilityKey: String, JSONKey {
    case enterpriseGroups, trunking, hotPlug

    static let table = JSONKeyTable<CapabilityKey>()
}

extension FleetReader {
    /// Reads the array of instances.
    mutating func readInstances(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard try document.enterArray() else { return }
        while try document.nextElement() {
            guard var object = try document.enterObject(of: InstanceKey.self) else { continue }
            var id: InstanceID?
            var instance = Instance(id: "")
            while let key = try document.nextKey(in: &object) {
                switch key {
                case .id: id = try document.readID(InstanceID.self)
                case .status: instance.status = try document.readString() ?? ""
                case .lockedForSecurity:
                    instance.lockedForSecurity = try document.readBoolean() ?? false
                case .beingCreated: instance.beingCreated = try document.readBoolean() ?? false
                case .owner: instance.owner = try document.readString()
                case .region: instance.region = try document.readString()
                case .zone: instance.zone = try document.readString()
                case .capabilities: instance.capabilities = try readCapabilities(from: &document)
                }
            }
            document.require(.id, in: object)
            guard let id, note(id, as: .instance, in: \.instanceIDs, object.start, &document)
            else { continue }
            instance.id = id
            fleet.instances.append(instance)
        }
    }

    private func readCapabilities(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> Instance.Capabilities {
        var capabilities = Instance.Capabilities()
        guard var object = try document.enterObject(of: CapabilityKey.self) else {
            return capabilities
        }
        while let key = try document.nextKey(in: &object) {
            let isAble = try document.readBoolean() ?? true
            switch key {
            case .enterpriseGroups: capabilities.enterpriseGroups = isAble
            case .trunking: capabilities.trunking = isAble
            case .hotPlug: capabilities.hotPlug = isAble
            }
        }
        return capabilities
    }
}
