package import CloudModel

extension Decision {
    /// Why, in words: the clause that follows the verdict.
    package var sentence: String {
        switch reason {
        case .rule: "rule \(rule?.text ?? "?") of group \(securityGroup?.text ?? "?")"
        case .default: defaultSentence
        case .implicitDeny: "no rule allows it"
        case .intraGroup:
            "both ends share a group that is open inside, which outweighs every rule"
        case .established: "a tracked session admits it"
        case .system: "traffic of the platform, which no rule can block"
        case .exempt: "traffic that security groups do not filter"
        case .interfaceNotAttached: "the interface is not attached to an instance"
        case .fragment: "a later fragment, which has no ports to compare"
        case .noInterface: "no interface of the fleet owns either address"
        case .ambiguousInterface: "interfaces of several VPCs own an address"
        case .noGroup: "the interface is in no group"
        case .notIP: "not an IP packet"
        case .truncated: "the capture ends before the fields that a filter needs"
        case .malformed: "the packet's headers contradict themselves"
        case .unsupportedLinkType: "the link layer is not one that can be read"
        }
    }

    private var defaultSentence: String {
        switch (verdict, direction) {
        case (.accept, _): "no rule matches, and basic groups let traffic out by default"
        case (_, .egress): "no rule matches, and advanced groups let nothing out by default"
        default: "no rule matches, and nothing comes in by default"
        }
    }

    /// Where the decision was made, such as `ingress at eni-a`; `nil` if nowhere.
    package var place: String? {
        guard let networkInterface, let direction else { return nil }
        return "\(direction.rawValue) at \(networkInterface)"
    }
}
