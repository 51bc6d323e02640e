import CloudModel

extension FleetDifference {
    /// The answer for people, line by line: whether the fleets are equal, then which rules are to blame
    /// for what, then each change, of which those beyond `limit` are only counted.
    package func lines(upTo limit: Int) -> [String] {
        guard !isEqual else { return ["equal: no packet changes verdict"] }
        let boxes = changes.count == 1 ? "1 box" : "\(changes.count) boxes"
        var lines = ["not equal: the packets of \(boxes) change verdict"]
        if changes.count > 1 { lines += ["", "to blame"] + blameLines }
        for change in changes.prefix(limit) { lines += [""] + change.lines }
        if changes.count > limit { lines += ["", "and \(changes.count - limit) more"] }
        return lines
    }

    /// A line for each pair of outcomes, with how much it stands for, in the order of the changes.
    private var blameLines: [String] {
        var places: [[String]: Int] = [:]
        var causes: [(words: [String], boxCount: Int, interfaces: Set<NetworkInterfaceID>)] = []
        for change in changes {
            let words = [change.direction.rawValue, change.beforeText, "→ \(change.afterText)"]
            let place = places[words] ?? causes.count
            if place == causes.count {
                places[words] = place
                causes.append((words, 0, []))
            }
            causes[place].boxCount += 1
            causes[place].interfaces.formUnion(change.networkInterfaces)
        }
        return causes.map { cause in
            let counts =
                "\(cause.boxCount == 1 ? "1 box" : "\(cause.boxCount) boxes") at "
                + (cause.interfaces.count == 1
                    ? "1 interface" : "\(cause.interfaces.count) interfaces")
            return "  \(cause.words.joined(separator: "  ")): \(counts)"
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
