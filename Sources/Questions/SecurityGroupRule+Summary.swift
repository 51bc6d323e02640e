package import CloudModel

extension SecurityGroupRule {
    /// What the rule says, on one line, without its id:
    /// `drop tcp 443/443 from 203.0.113.0/24 to 10.0.1.0/24, priority 2`.
    ///
    /// The priority is left out where it is 1, as the clouds do.
    package var summary: String {
        var parts = [policy.rawValue, ipProtocol.description]
        switch transport {
        case .any: break
        case .destinationPorts(let range): parts.append(range.description)
        case .portList(let id): parts.append("port list \(id)")
        case .icmp(let type, let code):
            parts.append("type \(type)" + (code.map { " code \($0)" } ?? ""))
        }
        if let sourcePorts { parts.append("source port \(sourcePorts)") }
        parts.append(direction == .ingress ? "from \(peerText)" : "to \(peerText)")
        if let localCIDR {
            parts.append(direction == .ingress ? "to \(localCIDR)" : "from \(localCIDR)")
        }
        return parts.joined(separator: " ") + (priority == 1 ? "" : ", priority \(priority)")
    }

    private var peerText: String {
        switch peer {
        case .cidr(let block): block.description
        case .prefixList(let id): "prefix list \(id)"
        case .securityGroup(let reference):
            "group \(reference.group)" + (reference.owner.map { " of account \($0)" } ?? "")
                + (reference.isStale ? " (stale)" : "")
        }
    }
}
