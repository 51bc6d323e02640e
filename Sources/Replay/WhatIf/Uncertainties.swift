package import CloudModel
internal import FilterTables

/// Why it cannot be told for sure what happens to a packet.
package enum Uncertainty: Hashable, Sendable {
    /// It was dropped, and belongs to a connection that began before the capture.
    case midstream
    /// No group was asked in one of the worlds, or a later fragment was decided without its first.
    case reason(Reason)

    /// The word of the file formats.
    package var word: String {
        switch self {
        case .midstream: "midstream"
        case .reason(let reason): reason.rawValue
        }
    }
}

/// How many packets are uncertain, each for one cause.
struct Uncertainties: Sendable {
    private var midstreamCount = 0
    // By ``Reason/ordinal``.
    private var reasonCounts = Array(repeating: 0, count: Reason.allCases.count)

    /// Counts the packets to which one world's answer is uncertain.
    mutating func add(_ before: [FrameAnswer], _ after: [FrameAnswer]) {
        let (before, after) = (before.span, after.span)
        for index in before.indices
        where !before[index].isPlainAccept || !after[index].isPlainAccept {
            add(before[index], after[index])
        }
    }

    private mutating func add(_ before: FrameAnswer, _ after: FrameAnswer) {
        if before.isUndecided {
            reasonCounts[before.reason.ordinal] += 1
        } else if after.isUndecided {
            reasonCounts[after.reason.ordinal] += 1
        } else if before.isMidstream || after.isMidstream {
            midstreamCount += 1
        } else if before.isByFragment || after.isByFragment {
            reasonCounts[Reason.fragment.ordinal] += 1
        }
    }

    /// Most packets first.
    var counts: [(cause: Uncertainty, packetCount: Int)] {
        let reasons = Reason.allCases.map { reason in
            (cause: Uncertainty.reason(reason), packetCount: reasonCounts[reason.ordinal])
        }
        return ([(cause: .midstream, packetCount: midstreamCount)] + reasons)
            .filter { $0.packetCount > 0 }
            .sorted { ($1.packetCount, $0.cause.word) < ($0.packetCount, $1.cause.word) }
    }
}

extension FrameAnswer {
    /// Whether the packet counts under no cause, as most do: it is accepted, and not as a fragment.
    @inline(__always)
    fileprivate var isPlainAccept: Bool { kind.isAccept && !kind.isOfFragment }

    /// Whether no group was asked. What is no IP packet is not filtered, which is certain.
    fileprivate var isUndecided: Bool { kind.isSilent && reason != .notIP }

    fileprivate var isByFragment: Bool { kind.isOfFragment }
}
