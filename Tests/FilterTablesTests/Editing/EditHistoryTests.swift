import CloudModel
import Testing

@testable import FilterTables

@Suite("Histories of edits")
struct EditHistoryTests {
    @Test("know what led from a version to another", arguments: [0, 1, 511, 512, 513, 700])
    func knowEdits(count: Int) throws {
        var history = EditHistory()
        for stamp in 0..<700 { history.append(edit(stamp)) }
        let before = history
        for stamp in 700..<700 + count { history.append(edit(stamp)) }
        let edits = try #require(history.edits(since: before))
        #expect(edits.map(\.stampBefore) == (700..<700 + count).map { UInt64($0) })
    }

    @Test("forget what is too long ago")
    func forget() {
        var history = EditHistory()
        let before = history
        for stamp in 0..<1025 { history.append(edit(stamp)) }
        #expect(isUnknown(history.edits(since: before)))
    }

    @Test("know nothing of other forks, other epochs and what comes later")
    func areApart() {
        var history = EditHistory()
        history.append(edit(0))
        let (before, fork) = (history, history)
        history.append(edit(1))
        var other = fork
        other.append(edit(2))
        #expect(isUnknown(other.edits(since: history)))
        #expect(isUnknown(before.edits(since: history)))
        other.append(edit(3))
        #expect(isUnknown(other.edits(since: history)))
        history.breakOff(1)
        #expect(isUnknown(history.edits(since: before)))
    }

    @Test("begin with their epoch")
    func begin() throws {
        var history = EditHistory()
        history.append(edit(0))
        history.breakOff(1)
        let before = history
        history.append(edit(1))
        let edits = try #require(history.edits(since: before))
        #expect(edits.map(\.stampBefore) == [1])
    }

    private func isUnknown(_ edits: [RuleEdit]?) -> Bool {
        guard case .none = edits else { return false }
        return true
    }

    private func edit(_ stamp: Int) -> RuleEdit {
        RuleEdit(
            stampBefore: UInt64(stamp), stampAfter: UInt64(stamp) + 1, isInsertion: true,
            isEgress: false, step: RuleStep(.platform, .accept, byRule: 0, .open),
            addresses: .otherFamily)
    }
}
