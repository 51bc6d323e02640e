internal import CloudModel

private enum QuotaKey: String, JSONKey {
    case groupsPerInterface, rulesPerInterface, rulesPerGroup, groupReferencesPerGroup
    case addressesPerGroup, interfacesPerEnterpriseGroup, connectionsPerInstance

    static let table = JSONKeyTable<QuotaKey>()
}

private enum SwitchKey: String, JSONKey {
    case revokeMissing = "alibaba.revokeMissing"
    case revokeMissingIDCode = "alibaba.revokeMissingIdCode"
    case revokePriority = "alibaba.revokePriority"
    case innerAcceptEgress = "alibaba.innerAcceptEgress"
    case enterprisePolicy = "alibaba.enterprisePolicy"
    case leaveCode = "alibaba.leaveCode"
    case sessionOnChange = "alibaba.sessionOnChange"
    case awsRevokeMissingIDCode = "aws.revokeMissingIdCode"
    case fragments

    static let table = JSONKeyTable<SwitchKey>()
}

private enum FaultKey: String, JSONKey {
    case code, httpStatus

    static let table = JSONKeyTable<FaultKey>()
}

extension FleetReader {
    /// Reads the object of quotas; those left out keep their defaults.
    mutating func readQuotas(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard var object = try document.enterObject(of: QuotaKey.self) else { return }
        while let key = try document.nextKey(in: &object) {
            guard let limit = try document.readInteger(in: 0...Int.max) else { continue }
            switch key {
            case .groupsPerInterface: fleet.quotas.groupsPerInterface = limit
            case .rulesPerInterface: fleet.quotas.rulesPerInterface = limit
            case .rulesPerGroup: fleet.quotas.rulesPerGroup = limit
            case .groupReferencesPerGroup: fleet.quotas.groupReferencesPerGroup = limit
            case .addressesPerGroup: fleet.quotas.addressesPerGroup = limit
            case .interfacesPerEnterpriseGroup: fleet.quotas.interfacesPerEnterpriseGroup = limit
            case .connectionsPerInstance: fleet.quotas.connectionsPerInstance = limit
            }
        }
    }

    /// Reads the object of switches; those left out keep their defaults.
    mutating func readSwitches(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard var object = try document.enterObject(of: SwitchKey.self) else { return }
        while let key = try document.nextKey(in: &object) {
            switch key {
            case .revokeMissing: try document.readWord(into: &fleet.switches.revokeMissing)
            case .revokeMissingIDCode:
                try document.readWord(into: &fleet.switches.revokeMissingIDCode)
            case .revokePriority: try document.readWord(into: &fleet.switches.revokePriority)
            case .innerAcceptEgress: try document.readWord(into: &fleet.switches.innerAcceptEgress)
            case .enterprisePolicy: try document.readWord(into: &fleet.switches.enterprisePolicy)
            case .leaveCode: try document.readWord(into: &fleet.switches.leaveCode)
            case .sessionOnChange: try document.readWord(into: &fleet.switches.sessionOnChange)
            case .awsRevokeMissingIDCode:
                try document.readWord(into: &fleet.switches.awsRevokeMissingIDCode)
            case .fragments: try document.readWord(into: &fleet.switches.fragments)
            }
        }
    }

    /// Reads the object of faults: the answers of an operation's next calls, by its name.
    mutating func readFaults(from document: inout DocumentReader) throws(JSONSyntaxError) {
        guard try document.expect(.object) else { return }
        try document.json.enterObject()
        while let key = try document.json.nextKey() {
            let operation = document.json.string(key)
            if fleet.faults[operation] != nil { document.report(.duplicateKey) }
            fleet.faults[operation] = try readFaultList(from: &document)
        }
    }

    private func readFaultList(
        from document: inout DocumentReader
    ) throws(JSONSyntaxError) -> [Fault] {
        guard try document.enterArray() else { return [] }
        var faults: [Fault] = []
        while try document.nextElement() {
            guard var object = try document.enterObject(of: FaultKey.self) else { continue }
            var fault = Fault(code: "", httpStatus: 0)
            while let key = try document.nextKey(in: &object) {
                switch key {
                case .code: fault.code = try document.readString() ?? ""
                case .httpStatus: fault.httpStatus = try document.readInteger(in: 100...599) ?? 0
                }
            }
            document.require(.code, .httpStatus, in: object)
            faults.append(fault)
        }
        return faults
    }
}

extension DocumentReader {
    /// Reads one of a type's words into `word`, which stays as it is if something else comes.
    fileprivate mutating func readWord<Word: RawRepresentable<String> & CaseIterable>(
        into word: inout Word
    ) throws(JSONSyntaxError) {
        word = try readWord(Word.self) ?? word
    }
}
