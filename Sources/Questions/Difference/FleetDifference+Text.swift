import CloudModel

extension FleetDifference {
    /// The answer for people, line by line: whether the fleets are equal, then each change.
    package var lines: [String] {
        guard !isEqual else { return ["equal: no packet changes verdict"] }
        let kinds = changes.count == 1 ? "1 box" : "\(changes.count) boxes"
        return ["not equal: the packets of \(kinds) change verdict"]
            + changes.flatMap { [""] + $0.lines }
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
