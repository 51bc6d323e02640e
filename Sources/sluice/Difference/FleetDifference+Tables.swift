import CloudModel
import Questions

extension FleetDifference {
    /// A row for each change (RFC 4180, lines end with a line feed); lists have a blank between their
    /// elements.
    var csv: [UInt8] {
        var bytes = Array(
            """
            direction,networkInterfaces,protocols,sources,destinations,sourcePorts,\
            destinationPorts,icmp,decisionBefore,reasonBefore,ruleBefore,securityGroupBefore,\
            decisionAfter,reasonAfter,ruleAfter,securityGroupAfter,example

            """.utf8)
        for change in changes {
            bytes += change.direction.rawValue.utf8
            for field in change.fields { bytes.appendField(field) }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// A table for people, in Markdown.
    var markdown: String {
        guard !isEqual else { return "No packet changes verdict.\n" }
        let header = """
            | verdict | where | traffic | from | to | before | after | example |
            |---|---|---|---|---|---|---|---|

            """
        return header
            + changes.map { change in
                let cells = change.cells.map { $0.replacing("|", with: "\\|").printable }
                return "| \(cells.joined(separator: " | ")) |\n"
            }.joined()
    }
}

extension VerdictChange {
    /// The fields of a CSV row behind the direction.
    fileprivate var fields: [String] {
        [
            networkInterfaces.map(\.text).joined(separator: " "), protocols.rangeText,
            sources.blocks(family).map(\.description).joined(separator: " "),
            destinations.blocks(family).map(\.description).joined(separator: " "),
            hasPorts ? sourcePorts.rangeText : "", hasPorts ? destinationPorts.rangeText : "",
            icmpRanges.map { "\($0.types.rangeText)/\($0.codes.rangeText)" }
                .joined(separator: " "),
        ] + before.fields + after.fields + [example.packet.description]
    }

    fileprivate var cells: [String] {
        [
            "\(before.verdict.rawValue) → \(after.verdict.rawValue)",
            "\(direction.rawValue) at \(interfaceText)", trafficText, sourceText,
            destinationText, beforeText, afterText, "`\(example.packet)`",
        ]
    }
}

extension Decision {
    fileprivate var fields: [String] {
        [verdict.rawValue, reason.rawValue, rule?.text ?? "", securityGroup?.text ?? ""]
    }
}

extension IntervalSet {
    fileprivate var rangeText: String {
        intervals.map(\.rangeText).joined(separator: " ")
    }
}

extension Interval {
    /// `443`, or `1024-65535`.
    fileprivate var rangeText: String { lower == upper ? "\(lower)" : "\(lower)-\(upper)" }
}
