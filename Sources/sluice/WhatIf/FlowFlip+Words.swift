import CloudModel
import Replay
import Sessions

extension Flip {
    /// `accept → drop`.
    var words: String { self == .acceptToDrop ? "accept → drop" : "drop → accept" }
}

extension FlowFlip {
    /// Addresses, protocol and ports: `tcp 203.0.113.5:40000 > 10.0.1.10:443`.
    var flowText: String {
        var packet = packet
        packet.transport = packet.transport.withoutFlags
        packet.icmpIdentifier = nil
        let isLaterFragment = packet.isLaterFragment
        packet.fragment = nil
        return packet.description + (isLaterFragment ? " (fragment)" : "")
    }

    /// Where the difference is made: `ingress at eni-a`.
    var placeText: String { "\(seen.rawValue) at \(networkInterface?.text ?? "?")" }

    /// What decides in the world without the change.
    var beforeText: String {
        DecidingRule(before, admittedBy: flip == .acceptToDrop ? admittedBy : nil).text
    }

    /// What decides in the world with it.
    var afterText: String {
        DecidingRule(after, admittedBy: flip == .dropToAccept ? admittedBy : nil).text
            + (midstreamCount > 0 ? " (midstream?)" : "")
    }
}

extension DecidingRule {
    /// The rule, or the step: `sgr-1 of sg-a`, `session by sgr-1 of sg-a`, `default`.
    var text: String {
        guard let rule else { return reason.rawValue }
        let name = securityGroup.map { "\(rule) of \($0)" } ?? rule.text
        return reason == .established ? "session by \(name)" : name
    }
}

extension RuleChange {
    /// `sgr-1 of sg-a → default`.
    var text: String { "\(before.text) → \(after.text)" }
}

extension Uncertainty {
    /// Why nothing certain can be said of such packets.
    var explanation: String {
        switch self {
        case .midstream:
            "dropped, but their connections began before the capture"
        case .reason(.fragment):
            "later fragments whose first one the capture does not show"
        case .reason(.noInterface): "no interface of the fleet owns either address"
        case .reason(.ambiguousInterface):
            "interfaces of several VPCs own an address; --vpc or --interface says which is meant"
        case .reason(.noGroup): "the interface is in no group"
        case .reason(.truncated): "the capture ends before the fields that a filter needs"
        case .reason(.malformed): "the headers contradict themselves"
        case .reason(.unsupportedLinkType): "the link layer is not one that can be read"
        case .reason(let reason): reason.rawValue
        }
    }
}

extension WhatIfResult {
    /// What happened to the sessions that were under way, in sentences.
    var sessionSentences: [String] {
        let (cut, left) = (sessionsAtChanges.cutCount, sessionsAtChanges.left)
        var sentences: [String] = []
        func add(_ count: Int, _ text: String) {
            if count > 0 { sentences.append("\(Figures.grouped(count)) \(text)") }
        }
        add(cut, "cut: the change ends them")
        add(left.admitted, "kept: the rules would let them begin again")
        add(left.notAdmitted, "kept though the rules would not let them begin any more")
        add(left.untrackedAdmitted, "not tracked, and the rules admit their packets still")
        add(left.untrackedNotAdmitted, "not tracked: the rules admit their packets no longer")
        return sentences
    }
}
