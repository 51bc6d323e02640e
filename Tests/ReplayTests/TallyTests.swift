import CloudModel
import Testing

@testable import Replay

@Suite("Tallies")
struct TallyTests {
    @Test("every reason has the place of its case")
    func ordinals() {
        #expect(Reason.allCases.map(\.ordinal) == Array(Reason.allCases.indices))
    }
}
