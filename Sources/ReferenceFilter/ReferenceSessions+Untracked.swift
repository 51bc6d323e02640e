internal import CloudModel

/// AWS's untracked flows. Source: SEMANTICS B.5.
extension ReferenceSessions {
    /// Whether an untracked flow becomes a session with its next packet: rules still admit its first
    /// packet, but not as they admit untracked flows. One whose first packet they do not admit any
    /// more is broken: whatever comes of it is decided packet by packet.
    func isToBeTracked(_ flow: ReferenceSession, at interface: NetworkInterface) -> Bool {
        let first = filter.decide(flow.firstPacket, at: interface, flow.direction)
        return first.verdict == .accept
            && !isUntracked(flow.firstPacket, at: interface, flow.direction)
    }

    /// Whether a flow that begins with `packet`, which the rules accept, is untracked: a rule for
    /// everybody admits it, and rules for everybody admit whatever answer there may be.
    func isUntracked(
        _ packet: Packet, at interface: NetworkInterface, _ direction: Direction
    ) -> Bool {
        guard fleet.vendor == .aws, packet.ipProtocol == .tcp || packet.ipProtocol == .udp else {
            return false
        }
        let admitsAnyone = filter.candidates(at: interface, direction).contains {
            $0.rule.isForAnyPeer(of: packet.family)
                && filter.firstMismatch(of: $0.rule, with: packet, direction) == nil
        }
        let isAnswerOpen = filter.candidates(at: interface, direction.opposite).contains {
            $0.rule.isForAnyPeer(of: packet.family) && $0.rule.isForAnyPort(of: packet.ipProtocol)
        }
        return admitsAnyone && isAnswerOpen
    }
}

extension SecurityGroupRule {
    /// Whether the peer is `0.0.0.0/0` or `::/0`, written so: lists and halves that add up to it
    /// are not meant.
    fileprivate func isForAnyPeer(of family: AddressFamily) -> Bool {
        guard case .cidr(let block) = peer else { return false }
        return block.prefixLength == 0 && block.family == family
    }

    fileprivate func isForAnyPort(of wanted: IPProtocol) -> Bool {
        guard ipProtocol.matches(wanted) else { return false }
        switch transport {
        case .any: return true
        case .destinationPorts(let range): return range == .all
        case .portList, .icmp: return false
        }
    }
}
