import CAllocationCounter
import Testing

@testable import BenchmarkSuite

@Suite("Rows, bounds and counts")
struct ReportTests {
    @Test(
        "numbers have three significant digits",
        arguments: [
            (0, "0"), (0.0123, "0.0123"), (1.006, "1.01"), (9.996, "10.00"), (12.34, "12.3"),
            (123.4, "123"), (1234, "1234"), (0.5, "0.50"), (99.96, "100.0"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) { #expect(Row.text(value) == text) }

    @Test("a sample's quantiles lie between its values")
    func quantiles() {
        let sample = Sample([4, 1, 3, 2, 5])
        #expect(sample.median == 3)
        #expect(sample.quantile(0.25) == 2)
        #expect(sample.quantile(0.99) > 4.9)
        #expect(sample.maximum == 5)
        #expect(Sample([1, 2]).median == 1.5)
    }

    @Test("bounds name what exceeds them and what was not measured")
    func bounds() throws {
        let bounds = try Bounds("# at most\nbytes/a 10\nbytes/b 10\n\ninstructions/x 3\nc inf\n")
        #expect(bounds.names == ["bytes/a", "bytes/b", "c"])
        let rows = [Row("bytes/a", .bytes, 11), Row("c", .bytes, 1e9)]
        #expect(
            bounds.violations(in: rows) == [
                "bytes/a: 11.0 B, and at most 10.0 is allowed", "bytes/b: not measured",
            ])
        #expect(throws: BenchmarkError.badBound(line: 2, "bytes/a")) {
            try Bounds("\nbytes/a")
        }
    }

    @Test("a filter asks for all of its words, and for one part of each")
    func filters() {
        var options = SuiteOptions()
        options.filter = ["acl_1000/", "uniform,zipf"]
        #expect(options.selects("decide/acl_1000/zipf"))
        #expect(!options.selects("decide/acl_1000/pareto"))
        #expect(!options.selects("decide/acl_10000/zipf"))
    }

    @Test("allocations are counted, and counting makes none")
    func allocations() {
        let first = thread_allocation_count()
        let second = thread_allocation_count()
        let array = Array(repeating: UInt8(1), count: 1_000)
        let third = thread_allocation_count()
        #expect(array.count == 1_000)
        #expect(second == first)
        #expect(counts_allocations() == 0 || third > second)
    }

    @Test("the small cells have no wrong answer, with or without rte_acl")
    func smallRun() throws {
        var options = SuiteOptions()
        options.rounds = 1
        options.headerCount = 2_000
        options.callsOfEachKind = 20
        options.names = [
            "decide/acl_100/uniform", "decide/ipc_100/no-match", "bytes/fw_100",
            "decide/fleet-S/all-interfaces/zipf", "decide/fleet-S/one-interface/uniform",
            "update/fleet-S/leave", "call/fleet-S/join", "update/acl_100/insert",
            "edited/acl_100/bytes", "edited/ipc_100/uniform", "edited/fleet-S/bytes",
            "edited/fleet-S/all-interfaces", "beside-writer/fleet-S/one-interface",
            "scale/fw_100",
        ]
        options.peerPath = "/nonexistent"
        var rows: [Row] = []
        try Suite(options).run { rows.append($0) }
        let names = Set(rows.map(\.name))
        #expect(options.names?.isSubset(of: names) == true)
        for row in rows {
            guard let agreement = row.agreement else { continue }
            #expect(agreement.checked > 0 && agreement.wrong == 0, "\(row.line)")
        }
        let report = String(decoding: jsonReport(rows, options, Machine()), as: UTF8.self)
        #expect(report.hasPrefix("{\"format\":\"sluice-bench/1\""))
    }
}
