import CloudModel

extension FleetDifference {
    /// The answer for people, line by line: whether the fleets are equal, then which rules are to blame
    /// for what, then each change, of which those beyond `limit` are only counted.
    package func lines(upTo limit: Int) -> [String] {
        guard !isEqual else { return ["equal: no packet changes verdict"] }
        let sets =
            changes.count == 1
            ? "1 set of packets changes" : "\(changes.count) sets of packets change"
        var lines = ["not equal: \(sets) verdict"]
        // A few changes show their causes themselves.
        if changes.count > 3 { lines += ["", "to blame"] + causeLines }
        for change in changes.prefix(limit) { lines += [""] + change.lines }
        if changes.count > limit { lines += ["", "and \(changes.count - limit) more"] }
        return lines
    }

    /// Each pair of outcomes with how much it stands for, in the order of the changes.
    private var causeLines: [String] {
        var places: [[String]: Int] = [:]
        var causes: [(words: [String], setCount: Int, interfaces: Set<NetworkInterfaceID>)] = []
        for change in changes {
            let words = [change.direction.rawValue, change.beforeText, change.afterText]
            let place = places[words] ?? causes.count
            if place == causes.count {
                places[words] = place
                causes.append((words, 0, []))
            }
            causes[place].setCount += 1
            causes[place].interfaces.formUnion(change.networkInterfaces)
        }
        return causes.flatMap { cause in
            let sets = cause.setCount == 1 ? "1 set" : "\(cause.setCount) sets"
            let interfaces =
                cause.interfaces.count == 1 ? "1 interface" : "\(cause.interfaces.count) interfaces"
            return [
                "  \(sets), \(cause.words[0]) at \(interfaces)",
                "    before   \(cause.words[1])", "    after    \(cause.words[2])",
            ]
        }
    }
}

extension VerdictChange {
    fileprivate var lines: [String] {
        let place = networkInterfaces.count == 1 ? "" : "\(networkInterfaces.count) interfaces: "
        return [
            "\(before.verdict.rawValue) → \(after.verdict.rawValue)  "
                + "\(direction.rawValue) at \(place)\(interfaceText)",
            "  traffic  \(trafficText)",
            "  from     \(sourceText)",
            "  to       \(destinationText)",
            "  before   \(beforeText)",
            "  after    \(afterText)",
            "  example  \(example.packet)",
        ]
    }
}
