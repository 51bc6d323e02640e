import Scenarios
import Testing

@Suite("Scenarios of sections")
struct RowScenarioTests {
    @Test(
        "are there for what decides about sessions and exempt traffic",
        arguments: [
            "A.8": 25, "A.8/change": 10, "A.11": 6, "A.11/fragments": 6, "B.5/tracked": 6,
            "B.5/untracked": 6, "B.5": 25, "B.6": 3, "B.7": 5,
        ])
    func enough(section: String, count: Int) throws {
        let found = try OwnScenarios.loadAll().count { $0.id?.hasPrefix(section + "/") ?? false }
        #expect(found >= count)
    }
}
