import BenchmarkSuite
import CAllocationCounter
import Foundation

/// The benchmark suite as a program: see `Benchmarks/README.md`.
@main
enum SluiceBenchmarks {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        do throws(RunFailure) {
            let run = try BenchmarkRun(Array(CommandLine.arguments.dropFirst()))
            exit(try run.perform() ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("SluiceBenchmarks: \(error.message)\n".utf8))
            exit(2)
        }
    }
}

/// Why a run came to nothing.
struct RunFailure: Error {
    let message: String
}
