import CloudModel
import Replay

extension WhatIfResult {
    /// A row for each flow (RFC 4180, lines end with a line feed).
    var csv: [UInt8] {
        var bytes = Array(
            """
            change,networkInterface,direction,protocol,source,sourcePort,destination,\
            destinationPort,packets,bytes,firstSeen,lastSeen,dependentPackets,dependentBytes,\
            decisionBefore,reasonBefore,ruleBefore,securityGroupBefore,\
            decisionAfter,reasonAfter,ruleAfter,securityGroupAfter

            """.utf8)
        for flow in flips {
            bytes += flow.flip.rawValue.utf8
            for field in flow.fields { bytes.appendField(field) }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}

extension FlowFlip {
    /// The fields of a CSV row behind the first.
    fileprivate var fields: [String] {
        let place = [networkInterface?.text ?? "", seen.rawValue]
        let counts = [count.packets, count.bytes].map(String.init)
        let dependents = [dependent.packets, dependent.bytes].map(String.init)
        return place + endFields + counts + [firstSeen.text, lastSeen.text] + dependents
            + before.ruleFields + after.ruleFields
    }

    private var endFields: [String] {
        var ports = ("", "")
        if case .ports(let source, let destination, _) = packet.transport {
            ports = (String(source), String(destination))
        }
        return [
            packet.ipProtocol.description, packet.source.description, ports.0,
            packet.destination.description, ports.1,
        ]
    }
}

extension Decision {
    fileprivate var ruleFields: [String] {
        [verdict.rawValue, reason.rawValue, rule?.text ?? "", securityGroup?.text ?? ""]
    }
}

extension WhatIfAnswer {
    /// A report in Markdown, for tickets and merge requests.
    func markdown(isComplete: Bool) -> String {
        var lines = summaryLines(isComplete: isComplete)
        for flip in Flip.allCases {
            let flows = Array(result.flips(flip))
            guard !flows.isEmpty else { continue }
            let listed = flows.prefix(isComplete ? .max : WhatIfAnswer.listedFlowCount)
            lines += [
                "", "### \(flip.words)\(listing(listed.count, of: flows.count, "flow"))", "",
                "| flow | where | packets | bytes | dependent | first | last | before | after |",
                "|---|---|--:|--:|--:|---|---|---|---|",
            ]
            lines += listed.map { "| \($0.cells.joined(separator: " | ")) |" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func summaryLines(isComplete: Bool) -> [String] {
        var lines = ["**\(headline.inMarkdown)**", ""]
        lines += callLines.map { "- \($0.inMarkdown)" }
        lines += ["", "| | before | after |", "|---|--:|--:|"]
        for verdict in Verdict.allCases {
            let counts = [result.before, result.after].map {
                Figures.grouped($0.tally.packetCount(of: verdict))
            }
            lines.append("| \(verdict.rawValue) | \(counts[0]) | \(counts[1]) |")
        }
        let notes = uncertainLines + sessionLines
        if !notes.isEmpty { lines += [""] + notes.map { "- \($0.inMarkdown)" } }
        return lines
    }
}

extension FlowFlip {
    fileprivate var cells: [String] {
        [
            "`\(flowText)`", placeText.inMarkdown, Figures.grouped(count.packets),
            Figures.bytes(count.bytes), Figures.grouped(dependent.packets), firstSeen.text,
            lastSeen.text, beforeText.inMarkdown, afterText.inMarkdown,
        ]
    }
}

extension String {
    /// This text with what Markdown would take for marks escaped, in one line.
    fileprivate var inMarkdown: String {
        printable.reduce(into: "") { text, character in
            if "\\`*_[]<>|#&".contains(character) { text.append("\\") }
            text.append(character)
        }
    }
}
