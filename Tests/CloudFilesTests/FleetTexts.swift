import CloudFiles
import CloudModel

/// The problems of a fleet's text, one line each; none if it loads.
func problems(_ json: String) -> [String] {
    linesOfProblems { () throws(FleetFileError) in
        _ = try loadFleet(Array(json.utf8), file: "fleet.json")
    }
    .map { String($0.dropFirst("fleet.json:".count)) }
}

/// The text of a fleet with the given members behind `format` and `vendor`, on one line.
func fleetText(_ vendor: Vendor, _ members: String...) -> String {
    ([#""format": "sluice-fleet/1""#, #""vendor": "\#(vendor)""#] + members)
        .joined(separator: ", ").inBraces
}

/// The text of a fleet with one group, `sg-a`, that holds the given rules.
func fleetText(_ vendor: Vendor, rules first: String, _ others: String...) -> String {
    fleetText(
        vendor,
        #""prefixLists": [{"id": "pl-4", "addressFamily": "IPv4"}, "#
            + #"{"id": "pl-6", "addressFamily": "IPv6"}]"#,
        #""securityGroups": [{"id": "sg-a", "rules": [\#(([first] + others).joined(separator: ", "))]}]"#
    )
}

/// The text of a rule that admits TCP from anywhere, with members added.
func ruleText(_ members: String, protocol word: String = "TCP", peer: String? = nil) -> String {
    let peer = peer ?? #"{"cidr": "0.0.0.0/0"}"#
    let common = #""direction": "ingress", "protocol": "\#(word)", "peer": \#(peer)"#
    return (members.isEmpty ? common : common + ", " + members).inBraces
}

extension String {
    fileprivate var inBraces: String { "{" + self + "}" }
}
