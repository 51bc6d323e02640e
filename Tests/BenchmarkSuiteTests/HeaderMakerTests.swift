import CloudModel
import Testing

@testable import BenchmarkSuite

@Suite("Made-up headers")
struct HeaderMakerTests {
    private static let set: RuleSet = {
        var maker = RuleSetMaker(.firewall, size: 100, seed: 3)
        return maker.ruleSet(named: "fw_100")
    }()

    private func headers(_ trace: HeaderTrace, seed: UInt64 = 1) -> [Header] {
        var maker = HeaderMaker(HeaderMakerTests.set, seed: seed)
        return maker.headers(trace, count: 2_000)
    }

    @Test("are the same for the same seed, and others for another", arguments: HeaderTrace.allCases)
    func seeds(trace: HeaderTrace) {
        #expect(headers(trace) == headers(trace))
        #expect(headers(trace) != headers(trace, seed: 2))
        #expect(headers(trace).count == 2_000)
    }

    @Test("lie in some rule", arguments: [HeaderTrace.uniform, .zipf, .pareto])
    func matched(trace: HeaderTrace) {
        for header in headers(trace) {
            #expect(HeaderMakerTests.set.rules.contains { $0.matches(header) }, "\(header)")
        }
    }

    @Test("come in runs only in the Pareto mix")
    func runs() {
        func repeats(_ headers: [Header]) -> Int {
            zip(headers, headers.dropFirst()).count { $0 == $1 }
        }
        #expect(repeats(headers(.pareto)) > 500)
        #expect(repeats(headers(.uniform)) < 20)
    }

    @Test("have Zipf's weights: the first of n flows has one part in the n-th harmonic number")
    func zipf() {
        let distribution = ZipfDistribution(count: 4)
        // 1, 1/2, 1/3 and 1/4 of 25/12.
        #expect(distribution.rank(at: 0) == 0)
        #expect(distribution.rank(at: 0.479) == 0)
        #expect(distribution.rank(at: 0.481) == 1)
        #expect(distribution.rank(at: 0.719) == 1)
        #expect(distribution.rank(at: 0.721) == 2)
        #expect(distribution.rank(at: 0.881) == 3)
        #expect(distribution.rank(at: 0.999) == 3)
    }
}
