/// What became of sessions. All that began are alive or have ended in one of three ways.
package struct SessionCounts: Hashable, Sendable {
    package internal(set) var created = 0
    /// Idle for too long, or closed and begun anew.
    package internal(set) var expired = 0
    /// Given up while alive, for want of room.
    package internal(set) var evicted = 0
    /// Ended by a change of rules, groups, status or addresses.
    package internal(set) var cut = 0

    /// Nothing so far.
    package init() {}

    /// Those that are neither.
    package var live: Int { created - expired - evicted - cut }

    /// Adds the counts of `other`.
    package static func += (counts: inout SessionCounts, other: SessionCounts) {
        counts.created += other.created
        counts.expired += other.expired
        counts.evicted += other.evicted
        counts.cut += other.cut
    }
}
