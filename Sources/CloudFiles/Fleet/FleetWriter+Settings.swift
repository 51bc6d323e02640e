internal import CloudModel

extension JSONWriter {
    /// Writes the quotas that differ from the defaults.
    mutating func writeQuotas(_ quotas: Quotas) {
        let defaults = Quotas()
        guard quotas != defaults else { return }
        breakLine()
        beginObject("quotas")
        let limits: [(String, KeyPath<Quotas, Int>)] = [
            ("groupsPerInterface", \.groupsPerInterface),
            ("rulesPerInterface", \.rulesPerInterface),
            ("groupReferencesPerGroup", \.groupReferencesPerGroup),
            ("addressesPerGroup", \.addressesPerGroup),
            ("interfacesPerEnterpriseGroup", \.interfacesPerEnterpriseGroup),
        ]
        for (key, limit) in limits where quotas[keyPath: limit] != defaults[keyPath: limit] {
            write(key, quotas[keyPath: limit])
        }
        if let limit = quotas.rulesPerGroup { write("rulesPerGroup", limit) }
        if let limit = quotas.connectionsPerInstance { write("connectionsPerInstance", limit) }
        endObject()
    }

    /// Writes the switches that differ from the defaults.
    mutating func writeSwitches(_ switches: Switches) {
        guard switches != Switches() else { return }
        breakLine()
        beginObject("switches")
        write("alibaba.revokeMissing", switches.revokeMissing, unless: .seed)
        write("alibaba.revokeMissingIdCode", switches.revokeMissingIDCode, unless: .notFound)
        write("alibaba.revokePriority", switches.revokePriority, unless: .exact)
        write("alibaba.innerAcceptEgress", switches.innerAcceptEgress, unless: .off)
        write("alibaba.enterprisePolicy", switches.enterprisePolicy, unless: .allowed)
        write("alibaba.leaveCode", switches.leaveCode, unless: .current)
        write("alibaba.sessionOnChange", switches.sessionOnChange, unless: .reevaluate)
        write("aws.revokeMissingIdCode", switches.awsRevokeMissingIDCode, unless: .ruleNotFound)
        write("fragments", switches.fragments, unless: .firstFragmentDecides)
        endObject()
    }

    /// Writes the faults in the order of the operations' names.
    mutating func writeFaults(_ faults: [String: [Fault]]) {
        guard !faults.isEmpty else { return }
        breakLine()
        beginObject("faults")
        for (operation, answers) in faults.sorted(by: { $0.key < $1.key }) {
            write(anyKey: operation)
            beginArray()
            for fault in answers {
                beginObject()
                write("code", fault.code)
                write("httpStatus", fault.httpStatus)
                endObject()
            }
            endArray()
        }
        endObject()
    }

    private mutating func write<Word: RawRepresentable<String> & Equatable>(
        _ key: String, _ word: Word, unless standard: Word
    ) {
        if word != standard { write(key, word.rawValue) }
    }
}
