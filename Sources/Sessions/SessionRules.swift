package import CloudModel

/// What decides about sessions beside packets: the vendor and the interfaces' timeouts.
///
/// An immutable value that all shards read.
package struct SessionRules: Sendable {
    let vendor: Vendor
    let onChange: Switches.SessionOnChange
    /// By the interface's place in the fleet's list.
    private var timeouts: [SessionTimeouts]

    /// The rules of `fleet`.
    ///
    /// - Complexity: O(interfaces).
    package init(_ fleet: Fleet) {
        vendor = fleet.vendor
        onChange = fleet.switches.sessionOnChange
        timeouts = fleet.networkInterfaces.map {
            SessionTimeouts($0.connectionTracking, fleet.vendor)
        }
    }

    /// Whether a flow was idle for longer than its interface allows, at `time`.
    func isIdle(_ record: SessionRecord, at time: SessionTime) -> Bool {
        let timeouts = timeouts[Int(record.key.interface)]
        return time.isLater(
            than: record.lastTime, byMoreThan: timeouts.seconds(in: record.phase))
    }

    /// Whether a session is over with `packet`: on AWS an RST closes it at once, on Alibaba Cloud closed
    /// ones have a timeout. Source: SEMANTICS A.8, B.5.
    func isEnded(by packet: TrackedPacket) -> Bool {
        guard case .aws = vendor else { return false }
        return packet.tcpFlags?.contains(.rst) ?? false
    }

    /// Whether `time` is within one UDP timeout of `start` at an interface: such a packet may belong
    /// to a flow that began before.
    package func isWithinUDPTimeout(
        _ time: SessionTime, of start: SessionTime, at interface: Int
    ) -> Bool {
        !time.isLater(than: start, byMoreThan: timeouts[interface].udp)
    }

    /// Takes the timeouts of the interface at `place` from its settings.
    mutating func setTimeouts(_ settings: ConnectionTracking, ofInterfaceAt place: Int) {
        timeouts[place] = SessionTimeouts(settings, vendor)
    }
}
