internal import CProbes
internal import CloudModel
internal import ReferenceFilter

/// The decisions made slowly, straight from a fleet's rules: for the first arrivals only.
final class ReferenceScan: Contender {
    let name = "reference"
    private let filter: ReferenceFilter
    private var arrivals: [(header: Header, interface: Int)] = []
    private let placeOfRule: [RuleID: Int32]

    private static let mostArrivals = 500

    init(_ fleet: Fleet) {
        filter = ReferenceFilter(fleet)
        let ids = fleet.securityGroups.flatMap { $0.rules.map(\.id) }
        placeOfRule = Dictionary(
            uniqueKeysWithValues: ids.enumerated().map { ($0.element, Int32($0.offset)) })
    }

    var headerCount: Int { arrivals.count }

    func take(_ trace: Trace) {
        arrivals = Array(zip(trace.headers, trace.interfaces).prefix(ReferenceScan.mostArrivals))
    }

    /// The number that a rule has in the answers.
    func place(of rule: RuleID) -> Int32 { placeOfRule[rule] ?? -1 }

    func pass() -> Double {
        let start = thread_nanoseconds()
        for arrival in arrivals { _ = decide(arrival) }
        return Double(thread_nanoseconds() - start)
    }

    func answers() -> [Int32] { decidingRules().map { $0.map(place) ?? -1 } }

    /// The rule that decides each arrival.
    func decidingRules() -> [RuleID?] { arrivals.map { decide($0).rule } }

    private func decide(_ arrival: (header: Header, interface: Int)) -> Decision {
        filter.decide(
            arrival.header.packet, at: filter.fleet.networkInterfaces[arrival.interface], .ingress)
    }
}
