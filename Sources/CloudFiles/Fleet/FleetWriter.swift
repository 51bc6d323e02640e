package import CloudModel

extension JSONWriter {
    /// Writes a fleet as FORMATS section 1 has it: the same text for equal fleets, each resource
    /// and rule on a line of its own, and what is the default left out.
    ///
    /// Reading the text gives the fleet again.
    package mutating func write(_ fleet: Fleet) {
        beginObject()
        write("format", FleetReader.format)
        write("vendor", fleet.vendor.rawValue)
        writeIfAny("region", fleet.region)
        writeIfAny("account", fleet.account)
        writeLines("vpcs", fleet.vpcs) { $0.writeMembers($1) }
        writeLines("prefixLists", fleet.prefixLists) { $0.writeMembers($1) }
        writeLines("portLists", fleet.portLists) { $0.writeMembers($1) }
        let vendor = fleet.vendor
        writeLines("securityGroups", fleet.securityGroups) { $0.writeMembers($1, vendor) }
        writeLines("networkInterfaces", fleet.networkInterfaces) { $0.writeMembers($1) }
        writeLines("instances", fleet.instances) { $0.writeMembers($1) }
        writeQuotas(fleet.quotas)
        writeSwitches(fleet.switches)
        if let regions = fleet.supportedRegions {
            breakLine()
            writeTexts("supportedRegions", regions)
        }
        writeBlocks("loadBalancerSources", fleet.loadBalancerSources)
        writeBlocks("platformProbes", fleet.platformProbes)
        writeFaults(fleet.faults)
        if fleet.nextRuleNumber != 1 {
            breakLine()
            write("nextRuleNumber", fleet.nextRuleNumber)
        }
        endObject()
        endLine()
    }

    // MARK: Resources

    private mutating func writeMembers(_ vpc: VPC) {
        write("id", vpc.id.text)
        writeTextsIfAny("cidrBlocks", vpc.cidrBlocks.map(\.description))
        writeIfTrue("isDefault", vpc.isDefault)
    }

    private mutating func writeMembers(_ list: PrefixList) {
        write("id", list.id.text)
        write("addressFamily", list.addressFamily.rawValue)
        write("maxEntries", list.maxEntries)
        writeTextsIfAny("entries", list.entries.map(\.description))
        writeIfAny("owner", list.owner)
        if let version = list.version { write("version", version) }
    }

    private mutating func writeMembers(_ list: PortList) {
        write("id", list.id.text)
        writeTexts("ranges", list.ranges.map(\.description))
    }

    private mutating func writeMembers(_ instance: Instance) {
        write("id", instance.id.text)
        if instance.status != "Running" { write("status", instance.status) }
        writeIfTrue("lockedForSecurity", instance.lockedForSecurity)
        writeIfTrue("beingCreated", instance.beingCreated)
        writeIfAny("owner", instance.owner)
        writeIfAny("region", instance.region)
        writeIfAny("zone", instance.zone)
        guard instance.capabilities != Instance.Capabilities() else { return }
        beginObject("capabilities")
        writeIfFalse("enterpriseGroups", instance.capabilities.enterpriseGroups)
        writeIfFalse("trunking", instance.capabilities.trunking)
        writeIfFalse("hotPlug", instance.capabilities.hotPlug)
        endObject()
    }

    private mutating func writeMembers(_ interface: NetworkInterface) {
        write("id", interface.id.text)
        if interface.type != .secondary { write("type", interface.type.rawValue) }
        if interface.status != .inUse { write("status", interface.status.rawValue) }
        writeIfAny("instance", interface.instance?.text)
        writeIfAny("vpc", interface.vpc?.text)
        writeIfAny("mac", interface.mac?.description)
        writeTextsIfAny("addresses", interface.addresses.map(\.description))
        writeTextsIfAny("securityGroups", interface.securityGroups.map(\.text))
        if interface.trafficMode != .standard {
            write("trafficMode", interface.trafficMode.rawValue)
        }
        writeIfTrue("serviceManaged", interface.serviceManaged)
        writeTracking(interface.connectionTracking)
        writeIfAny("owner", interface.owner)
        writeIfAny("region", interface.region)
        writeIfAny("zone", interface.zone)
        writeIfTrue("beingCreated", interface.beingCreated)
        writeIfAny("attachment", interface.attachment)
        writeIfAny("trunk", interface.trunk?.text)
        writeTextsIfAny("linkedInterfaces", interface.linkedInterfaces.map(\.text))
        writeIfTrue("detachStuck", interface.detachStuck)
    }

    private mutating func writeTracking(_ tracking: ConnectionTracking) {
        guard tracking != ConnectionTracking() else { return }
        beginObject("connectionTracking")
        if let seconds = tracking.tcpEstablished { write("tcpEstablished", seconds) }
        if let seconds = tracking.tcpClosed { write("tcpClosed", seconds) }
        if let seconds = tracking.udp { write("udp", seconds) }
        endObject()
    }

    // MARK: Pieces

    /// Writes the objects of an array, each on a line of its own; nothing if there are none.
    mutating func writeLines<Element>(
        _ key: String, _ elements: [Element],
        _ writeMembers: (inout JSONWriter, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        breakLine()
        beginArray(key)
        for element in elements {
            breakLine()
            beginObject()
            writeMembers(&self, element)
            endObject()
        }
        endArray()
    }

    mutating func writeTexts(_ key: String, _ texts: [String]) {
        beginArray(key)
        for text in texts { write(text) }
        endArray()
    }

    mutating func writeTextsIfAny(_ key: String, _ texts: [String]) {
        if !texts.isEmpty { writeTexts(key, texts) }
    }

    mutating func writeIfAny(_ key: String, _ text: String?) {
        if let text { write(key, text) }
    }

    mutating func writeIfTrue(_ key: String, _ value: Bool) {
        if value { write(key, true) }
    }

    private mutating func writeIfFalse(_ key: String, _ value: Bool) {
        if !value { write(key, false) }
    }

    private mutating func writeBlocks(_ key: String, _ blocks: [CIDRBlock]) {
        guard !blocks.isEmpty else { return }
        breakLine()
        writeTexts(key, blocks.map(\.description))
    }
}
