import CloudModel
import TestSupport
import Testing

@Suite("A call is carried out whole or not at all")
struct WholeCallAgreementTests {
    @Test(
        "a refused call leaves no trace in the saved fleet, the tables and the sessions",
        arguments: Vendor.allCases)
    func refusedCalls(vendor: Vendor) throws {
        var figures = CalledWorld.Figures()
        for seed in seeds(200, unoptimised: 3) {
            var world = CalledWorld(seed: seed, vendor)
            for number in 1...200 {
                try world.call()
                try world.exchangePackets()
                if number % 16 == 0 { try world.compareWithFreshTables(probeCount: 80) }
            }
            try world.compareWithFreshTables(probeCount: 400)
            figures += world.figures
        }
        print("agreement, calls of \(vendor): \(figures)")
        #expect(figures.refused > figures.accepted / 8)
        #expect(figures.accepted > figures.refused / 8)
        #expect((figures.dryRuns > 0) == (vendor == .aws))
        #expect(figures.packetsOfSessions > figures.accepted)
        #expect(figures.sessionsCut > 0)
    }
}
