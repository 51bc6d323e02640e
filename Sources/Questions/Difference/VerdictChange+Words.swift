import CloudModel

extension VerdictChange {
    /// Protocols, ports and types in a few words: `tcp, port 443, source ports 1024–65535`.
    package var trafficText: String {
        var parts = [protocolText]
        if hasPorts, destinationPorts != .allPorts {
            parts.append(destinationPorts.text(one: "port", many: "ports"))
        }
        if hasPorts, sourcePorts != .allPorts {
            parts.append(sourcePorts.text(one: "source port", many: "source ports"))
        }
        if hasICMP, icmp != .allPorts { parts.append(icmpText) }
        return parts.joined(separator: ", ")
    }

    private var protocolText: String {
        let all = IntervalSet(0, 255)
        if protocols == all { return "every protocol" }
        let others = all.subtracting(protocols)
        return others.intervals.count < protocols.intervals.count
            || others.valueCount < 8
            ? "every protocol but \(others.protocolNames)" : protocols.protocolNames
    }

    private var icmpText: String {
        let ranges = icmpRanges.map { range in
            let types = range.types.text
            let isEveryCode = range.codes == Interval(0, 255)
            return "type \(types)" + (isEveryCode ? "" : " code \(range.codes.text)")
        }
        return ranges.shortened(to: 4)
    }

    /// The sources in a few words.
    package var sourceText: String { sources.addressText(family) }

    /// The destinations in a few words.
    package var destinationText: String { destinations.addressText(family) }

    /// The interfaces in a few words.
    package var interfaceText: String { networkInterfaces.map(\.text).shortened(to: 8) }

    /// What the first fleet decides, and why.
    package var beforeText: String { text(of: before) }

    /// What the second fleet decides, and why.
    package var afterText: String { text(of: after) }

    private func text(of decision: Decision) -> String {
        // The fleet lacks the interface, or the interface lacks the address.
        if decision.reason == .noInterface { return "none: no interface there has the address" }
        var decision = decision
        decision.direction = direction
        return "\(decision.verdict.rawValue): \(decision.sentence)"
    }
}

extension IntervalSet {
    fileprivate static let allPorts = IntervalSet(0, 65535)

    /// How many numbers are in the set, which is not every IPv6 address.
    fileprivate var valueCount: UInt128 {
        intervals.reduce(0) { $0 + ($1.upper - $1.lower) + 1 }
    }

    fileprivate func text(one: String, many: String) -> String {
        let isOne = intervals.count == 1 && intervals[0].lower == intervals[0].upper
        return "\(isOne ? one : many) " + intervals.map(\.text).shortened(to: 8)
    }

    fileprivate var protocolNames: String {
        var names: [String] = []
        for interval in intervals {
            // Short ranges are more readable as names: 1 and 2 are `icmp, 2`.
            if interval.upper - interval.lower < 2 {
                for number in interval.lower...interval.upper {
                    names.append(IPProtocol(rawValue: UInt8(number)).description)
                }
            } else {
                names.append("protocols \(interval.text)")
            }
        }
        return names.shortened(to: 8)
    }
}

extension Interval {
    /// `443`, or `1024–65535`.
    fileprivate var text: String { lower == upper ? "\(lower)" : "\(lower)–\(upper)" }
}

extension [String] {
    /// The first texts, and how many are left out.
    func shortened(to limit: Int) -> String {
        // Leaving one out would save nothing.
        guard count > limit + 1 else { return joined(separator: ", ") }
        return prefix(limit).joined(separator: ", ") + " and \(count - limit) more"
    }
}
