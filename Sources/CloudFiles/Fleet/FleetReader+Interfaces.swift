internal import CloudModel

private enum InterfaceKey: String, JSONKey {
    case id, type, status, instance, vpc, mac, addresses, securityGroups, trafficMode
    case serviceManaged, connectionTracking, owner, region, zone, beingCreated, attachment, trunk
    case linkedInterfaces, detachStuck

    static let table = JSONKeyTable<InterfaceKey>()
}

private enum TrackingKey: String, JSONKey {
    case tcpEstablished, tcpClosed, udp

    static let table = JSONKeyTable<TrackingKey>()
}

extension FleetReader {
    /// Reads the array of network interfaces.
    mutating func readNetworkInterfaces(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) {
        guard try document.enterArray() else { return }
        var index = 0
        while try document.nextElement() {
            if let start = try readNetworkInterface(from: &document) {
                interfaceOrigins.append(Origin(offset: start, index: index))
            }
            index += 1
        }
    }

    /// Adds the interface that comes next, if it has an id of its own, and says where it began.
    private mutating func readNetworkInterface(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> Int? {
        guard var object = try document.enterObject(of: InterfaceKey.self) else { return nil }
        var id: NetworkInterfaceID?
        var hasBadAddresses = false
        var interface = NetworkInterface(id: "")
        while let key = try document.nextKey(in: &object) {
            switch key {
            case .id: id = try document.readID(NetworkInterfaceID.self)
            case .addresses:
                let addresses = try readInterfaceAddresses(from: &document)
                hasBadAddresses = addresses == nil
                interface.addresses = addresses ?? []
            default: try read(key, of: &interface, from: &document)
            }
        }
        document.require(.id, in: object)
        guard let id,
            note(id, as: .networkInterface, in: \.interfaceIDs, object.start, &document)
        else { return nil }
        interface.id = id
        if hasBadAddresses { interfacesWithBadAddresses.insert(id) }
        fleet.networkInterfaces.append(interface)
        return object.start
    }

    private func read(
        _ key: InterfaceKey, of interface: inout NetworkInterface,
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) {
        switch key {
        case .id, .addresses: preconditionFailure("read by the caller")
        case .type:
            interface.type = try document.readWord(NetworkInterfaceType.self) ?? .secondary
        case .status:
            interface.status = try document.readWord(NetworkInterfaceStatus.self) ?? .inUse
        case .instance: interface.instance = try document.readID(InstanceID.self)
        case .vpc: interface.vpc = try document.readID(VPCID.self)
        case .mac: interface.mac = try readMAC(from: &document)
        case .securityGroups:
            interface.securityGroups = try document.readIDs(SecurityGroupID.self) ?? []
        case .trafficMode:
            interface.trafficMode = try document.readWord(TrafficMode.self) ?? .standard
        case .serviceManaged: interface.serviceManaged = try document.readBoolean() ?? false
        case .connectionTracking: interface.connectionTracking = try readTracking(from: &document)
        case .owner: interface.owner = try document.readString()
        case .region: interface.region = try document.readString()
        case .zone: interface.zone = try document.readString()
        case .beingCreated: interface.beingCreated = try document.readBoolean() ?? false
        case .attachment: interface.attachment = try document.readString()
        case .trunk: interface.trunk = try document.readID(NetworkInterfaceID.self)
        case .linkedInterfaces:
            interface.linkedInterfaces = try document.readIDs(NetworkInterfaceID.self) ?? []
        case .detachStuck: interface.detachStuck = try document.readBoolean() ?? false
        }
    }

    /// The interface's addresses; `nil` if one is malformed. Host bits leave open what is meant, an
    /// address or a prefix.
    private func readInterfaceAddresses(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> [CIDRBlock]? {
        guard try document.enterArray() else { return nil }
        var blocks: [CIDRBlock] = []
        var areAllGood = true
        while try document.nextElement() {
            guard let block = try document.readBlock() else {
                areAllGood = false
                continue
            }
            if block.hasHostBits {
                document.report(.hostBits(block))
                areAllGood = false
            }
            blocks.append(block)
        }
        return areAllGood ? blocks : nil
    }

    private func readMAC(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> MACAddress? {
        guard let text = try document.readString() else { return nil }
        let address = MACAddress(text)
        if address == nil { document.report(.malformed(.mac, found: text)) }
        return address
    }

    private func readTracking(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> ConnectionTracking {
        var tracking = ConnectionTracking()
        guard var object = try document.enterObject(of: TrackingKey.self) else { return tracking }
        while let key = try document.nextKey(in: &object) {
            let seconds = try document.readInteger(in: 1...Int(Int32.max))
            switch key {
            case .tcpEstablished: tracking.tcpEstablished = seconds
            case .tcpClosed: tracking.tcpClosed = seconds
            case .udp: tracking.udp = seconds
            }
        }
        return tracking
    }
}
