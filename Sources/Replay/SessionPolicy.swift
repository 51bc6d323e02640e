import Sessions

/// Whether connections are tracked, and how many.
package enum SessionPolicy: Hashable, Sendable {
    /// Every packet is decided by itself.
    case stateless
    /// Connections are tracked; `capacity` is the most that are kept.
    case tracking(capacity: Int)

    /// What a replay does unless told otherwise.
    package static let standard = SessionPolicy.tracking(capacity: Sessions.standardCapacity)

    var capacity: Int {
        switch self {
        case .stateless: 0
        case .tracking(let capacity): capacity
        }
    }
}
