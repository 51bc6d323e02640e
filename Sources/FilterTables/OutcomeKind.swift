package import CloudModel

/// Verdict and reason as one small number: what is kept and counted of many packets.
///
///     bit  5  4      3  2  1  0
///         ┌───────┬────────────┐
///         │verdict│ reason     │    places in `allCases`
///         └───────┴────────────┘
///
/// Public as ``Query`` is.
public struct OutcomeKind: Hashable, Sendable {
    /// Below ``limit``.
    public let number: UInt8

    /// The kind with this number.
    ///
    /// - Precondition: a kind has it.
    @inlinable
    public init(number: UInt8) { self.number = number }

    /// The kind of outcomes with this verdict and reason.
    package init(_ verdict: Verdict, _ reason: Reason) {
        number = verdict.ordinal << OutcomeKind.reasonBits | UInt8(reason.ordinal)
    }

    /// More than the number of any kind.
    @inlinable public static var limit: Int { 3 << Int(reasonBits) }

    @inlinable static var reasonBits: UInt8 { 4 }

    // Told without comparing the words of verdicts and reasons.

    /// The place of the verdict in `allCases`.
    @inlinable public var verdictNumber: Int { Int(number &>> OutcomeKind.reasonBits) }
    /// Whether the verdict is to accept.
    @inlinable public var isAccept: Bool { number &>> OutcomeKind.reasonBits == 0 }
    /// Whether the verdict is to drop.
    @inlinable public var isDrop: Bool { number &>> OutcomeKind.reasonBits == 1 }
    /// Whether no group was asked.
    @inlinable public var isSilent: Bool { number &>> OutcomeKind.reasonBits == 2 }
    /// Whether the reason is that a session is established.
    @inlinable public var isOfSession: Bool { number & 15 == 4 }
    /// Whether the reason is that the packet is a fragment.
    @inlinable public var isOfFragment: Bool { number & 15 == 8 }
    /// Whether the reason is that there is no interface.
    @inlinable public var isOfNoInterface: Bool { number & 15 == 9 }

    /// The verdict.
    package var verdict: Verdict {
        switch number >> OutcomeKind.reasonBits {
        case 0: .accept
        case 1: .drop
        default: .none
        }
    }

    /// The reason.
    package var reason: Reason {
        switch number & 15 {
        case 0: .rule
        case 1: .default
        case 2: .implicitDeny
        case 3: .intraGroup
        case 4: .established
        case 5: .system
        case 6: .exempt
        case 7: .interfaceNotAttached
        case 8: .fragment
        case 9: .noInterface
        case 10: .ambiguousInterface
        case 11: .noGroup
        case 12: .notIP
        case 13: .truncated
        case 14: .malformed
        default: .unsupportedLinkType
        }
    }
}

extension Verdict {
    /// The place in `allCases`, found without comparing the words.
    fileprivate var ordinal: UInt8 {
        switch self {
        case .accept: 0
        case .drop: 1
        case .none: 2
        }
    }
}

extension Reason {
    /// The place in `allCases`, found without comparing the words.
    package var ordinal: Int {
        switch self {
        case .rule: 0
        case .default: 1
        case .implicitDeny: 2
        case .intraGroup: 3
        case .established: 4
        case .system: 5
        case .exempt: 6
        case .interfaceNotAttached: 7
        case .fragment: 8
        case .noInterface: 9
        case .ambiguousInterface: 10
        case .noGroup: 11
        case .notIP: 12
        case .truncated: 13
        case .malformed: 14
        case .unsupportedLinkType: 15
        }
    }
}
