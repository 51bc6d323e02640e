import BenchmarkSuite
import CAllocationCounter
import Foundation

/// A run as the command line asks for it.
struct BenchmarkRun {
    private var options = SuiteOptions()
    private var bounds: Bounds?
    private var jsonPath: String?
    private var picturePath: String?
    private var onlyCell: String?

    private static let usage = """
        usage: SluiceBenchmarks [option value]…
          --filter WORDS    only what has these words in its name: `acl_1000 uniform,zipf`
          --rules DIR       decide the ClassBench files *.rules and *.rules.gz of a folder
          --rounds N        how often each thing is measured; 9
          --headers N       how many headers a trace has; 1000000
          --seed N          what headers, made-up rules and fleets are drawn from; 7
          --peer PATH       the program that speaks for rte_acl; .build/peers/rte_acl
          --json FILE       write the rows as JSON too
          --svg FILE        draw the decisions beside rte_acl's
          --only CELL       no measurement: decide `acl_1000/uniform[/no-memo]` --rounds times
          --bounds FILE     only what has a bound there, and fail if a count exceeds it
        """

    /// Reads the options.
    init(_ arguments: [String]) throws(RunFailure) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name != "--help" else {
                print(BenchmarkRun.usage)
                exit(0)
            }
            guard let value = rest.popFirst() else {
                throw RunFailure(message: "`\(name)` needs a value\n\(BenchmarkRun.usage)")
            }
            try take(name, value)
        }
        if counts_allocations() != 0 { options.allocationCount = { thread_allocation_count() } }
    }

    private mutating func take(_ name: String, _ value: String) throws(RunFailure) {
        switch name {
        case "--filter": options.filter += value.split(separator: " ").map(String.init)
        case "--rules": options.rulesFolder = value
        case "--rounds": options.rounds = try count(name, value)
        case "--headers": options.headerCount = try count(name, value)
        case "--seed": options.seed = UInt64(try count(name, value))
        case "--peer": options.peerPath = value
        case "--json": jsonPath = value
        case "--svg": picturePath = value
        case "--only": onlyCell = value
        case "--bounds": try takeBounds(value)
        default: throw RunFailure(message: "unknown option `\(name)`\n\(BenchmarkRun.usage)")
        }
    }

    private func count(_ name: String, _ value: String) throws(RunFailure) -> Int {
        guard let count = Int(value), count > 0 else {
            throw RunFailure(message: "`\(name)` takes a number from 1, not `\(value)`")
        }
        return count
    }

    private mutating func takeBounds(_ path: String) throws(RunFailure) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw RunFailure(message: "cannot read `\(path)`")
        }
        do throws(BenchmarkError) {
            let bounds = try Bounds(text)
            options.names = Set(bounds.names)
            self.bounds = bounds
        } catch {
            throw RunFailure(message: "\(error)")
        }
    }

    /// Runs what was asked for, and says whether all answers and counts are as they have to be.
    func perform() throws(RunFailure) -> Bool {
        if let onlyCell {
            try orFail { () throws(BenchmarkError) in
                try Suite(options).decide(onlyCell, times: options.rounds)
            }
            return true
        }
        let machine = Machine()
        print(machine.summary)
        print(Row.titles)
        var rows: [Row] = []
        try orFail { () throws(BenchmarkError) in
            try Suite(options).run { row in
                print(row.line)
                fflush(nil)
                rows.append(row)
            }
        }
        if let jsonPath { try write(jsonReport(rows, options, machine), to: jsonPath) }
        if let picturePath, let svg = Picture(rows, machine).svg {
            try write(Array(svg.utf8), to: picturePath)
        }
        return judge(rows)
    }

    private func orFail(_ body: () throws(BenchmarkError) -> Void) throws(RunFailure) {
        do throws(BenchmarkError) {
            try body()
        } catch {
            throw RunFailure(message: "\(error)")
        }
    }

    private func judge(_ rows: [Row]) -> Bool {
        let wrong = rows.reduce(0) { $0 + ($1.agreement?.wrong ?? 0) }
        if wrong > 0 { print("\(wrong) answers are wrong") }
        let violations = bounds?.violations(in: rows) ?? []
        for violation in violations { print(violation) }
        return wrong == 0 && violations.isEmpty
    }

    private func write(_ bytes: [UInt8], to path: String) throws(RunFailure) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw RunFailure(message: "cannot write `\(path)`: \(error.localizedDescription)")
        }
    }
}
