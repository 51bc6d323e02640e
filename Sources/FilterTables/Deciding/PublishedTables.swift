internal import Synchronization

/// The newest version of the tables, handed from the one that edits to those that decide.
///
///     writer                              readers, each with a decider of its own
///     editor.apply(changes)               published.refresh(&decider)
///     published.publish(editor.tables)    decider.decide(batch, into: &outcomes)   one version a batch
///
/// Any number of threads may use it at once. Readers never wait: one that comes while the version is
/// being put in place keeps the one it has until its next batch.
package final class PublishedTables: Sendable {
    private let newest: Mutex<FilterTables>
    /// How often a version was published.
    private let publicationCount = Atomic<Int>(0)

    /// Publishes `tables` as the first version.
    package init(_ tables: FilterTables) { newest = Mutex(tables) }

    /// Puts `tables` in the place of the version before, which lives on where readers hold it.
    package func publish(_ tables: FilterTables) {
        // The version before is let go outside the lock, so that a reader in between finds it open.
        let before = newest.withLock { newest in
            let before = newest
            newest = tables
            return before
        }
        publicationCount.add(1, ordering: .releasing)
        withExtendedLifetime(before) {}
    }

    /// Has `decider` decide by the newest version from here on.
    package func refresh(_ decider: inout Decider) {
        let publication = Publication(
            source: ObjectIdentifier(self),
            count: publicationCount.load(ordering: .acquiring))
        guard decider.publication != publication else { return }
        guard let tables = newest.withLockIfAvailable({ $0 }) else { return }
        decider.adopt(tables)
        decider.publication = publication
    }

    /// Which version a decider has: at least the one that was the newest at the count.
    struct Publication: Equatable {
        let source: ObjectIdentifier
        let count: Int
    }
}
