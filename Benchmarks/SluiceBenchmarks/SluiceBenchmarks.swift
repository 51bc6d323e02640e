import BenchmarkSuite
import CAllocationCounter

/// The benchmark suite as a command.
@main
enum SluiceBenchmarks {
    static func main() {
        var options = SuiteOptions()
        if counts_allocations() != 0 { options.allocationCount = { thread_allocation_count() } }
        var rest = CommandLine.arguments.dropFirst()
        while let name = rest.popFirst() {
            let value = rest.popFirst() ?? ""
            switch name {
            case "--filter": options.filter += value.split(separator: " ").map(String.init)
            case "--rules": options.rulesFolder = value
            case "--rounds": options.rounds = Int(value) ?? options.rounds
            case "--headers": options.headerCount = Int(value) ?? options.headerCount
            case "--peer": options.peerPath = value
            default: print("unknown \(name)")
            }
        }
        print(Row.titles)
        do throws(BenchmarkError) {
            try Suite(options).run { print($0.line) }
        } catch {
            print("\(error)")
        }
    }
}
