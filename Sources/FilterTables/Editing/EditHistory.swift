/// The last edits of rules that led to a version, some hundreds of them: who has one of the versions before learns what
/// came between.
///
/// Edits of anything else, which change what sets hold, begin another *epoch*. Versions share their histories; an edit adds
/// a link, and takes the same time whatever the length.
struct EditHistory: Sendable {
    /// Versions of one epoch differ in rules alone.
    private(set) var epoch: UInt64 = 0
    /// How many edits there have been in all.
    private(set) var count = 0
    private var newest: Link?
    private var newestCount = 0
    /// What went before, a whole chain.
    private var older: Link?

    /// An edit, and those before it in its chain.
    private final class Link: Sendable {
        let edit: RuleEdit
        let previous: Link?

        init(_ edit: RuleEdit, _ previous: Link?) {
            self.edit = edit
            self.previous = previous
        }
    }

    /// The last link of a chain frees as many others, one within the other.
    private static let chainLength = 512

    /// Notes an edit of a rule.
    mutating func append(_ edit: RuleEdit) {
        if newestCount == EditHistory.chainLength {
            older = newest
            newest = nil
            newestCount = 0
        }
        newest = Link(edit, newest)
        newestCount += 1
        count += 1
    }

    /// Begins another epoch, under a number that no other has.
    mutating func breakOff(_ epoch: UInt64) {
        self.epoch = epoch
        newest = nil
        newestCount = 0
        older = nil
    }

    /// The edits that led here from another history, in order; `nil` when this does not go on from that, or what came between
    /// is no longer known.
    ///
    /// - Complexity: O(edits).
    func edits(since before: EditHistory) -> [RuleEdit]? {
        let missing = count - before.count
        let knownCount = newestCount + (older == nil ? 0 : EditHistory.chainLength)
        guard epoch == before.epoch, 0...knownCount ~= missing else { return nil }
        var edits: [RuleEdit] = []
        edits.reserveCapacity(missing)
        var link = newest ?? older
        while edits.count < missing, let here = link {
            edits.append(here.edit)
            link = here.previous ?? (edits.count == newestCount ? older : nil)
        }
        // Of two forks neither goes on from the other.
        guard link === before.newest else { return nil }
        edits.reverse()
        return edits
    }
}
