internal import CProbes
internal import CloudModel

/// Every rule tried in order: the answer that needs no trust, and the slowest.
///
/// Decides only the first headers of a trace, as many as a fraction of a second allows.
final class LinearScan: Contender {
    let name = "linear"
    private let rules: [Row]
    private var headers: [Header] = []
    private var places: [Int32] = []

    /// How many rules are tried in one pass, at most.
    private static let workLimit = 1 << 27

    /// A scan of `rules` for as many headers as its work allows.
    init(_ rules: [QuintupleRule]) { self.rules = rules.map(Row.init) }

    var headerCount: Int { headers.count }

    func take(_ trace: Trace) {
        headers = Array(trace.headers.prefix(LinearScan.workLimit / max(1, rules.count)))
        places = Array(repeating: -1, count: headers.count)
    }

    func pass() -> Double {
        let start = thread_nanoseconds()
        for place in headers.indices { places[place] = firstMatch(headers[place]) }
        return Double(thread_nanoseconds() - start)
    }

    func answers() -> [Int32] { places }

    private func firstMatch(_ header: Header) -> Int32 {
        for place in rules.indices where rules[place].matches(header) { return Int32(place) }
        return -1
    }

    /// A rule with its masks worked out.
    private struct Row {
        private let source: MaskedAddress
        private let destination: MaskedAddress
        private let sourcePorts: PortRange
        private let destinationPorts: PortRange
        private let ipProtocol: ProtocolMatch

        init(_ rule: QuintupleRule) {
            source = MaskedAddress(rule.source)
            destination = MaskedAddress(rule.destination)
            sourcePorts = rule.sourcePorts
            destinationPorts = rule.destinationPorts
            ipProtocol = rule.ipProtocol
        }

        @inline(__always)
        func matches(_ header: Header) -> Bool {
            destination.matches(header.destination) && source.matches(header.source)
                && destinationPorts.contains(header.destinationPort)
                && sourcePorts.contains(header.sourcePort)
                && ipProtocol.matches(IPProtocol(rawValue: header.ipProtocol))
        }
    }

    private struct MaskedAddress {
        private let high: UInt64
        private let low: UInt64
        private let highMask: UInt64
        private let lowMask: UInt64

        init(_ block: CIDRBlock) {
            let ones = IPAddress(ipv6High: .max, low: .max).masked(to: block.prefixLength)
            (highMask, lowMask) = (ones.high, ones.low)
            (high, low) = (block.network.high, block.network.low)
        }

        @inline(__always)
        func matches(_ address: IPAddress) -> Bool {
            (address.high ^ high) & highMask | (address.low ^ low) & lowMask == 0
        }
    }
}
