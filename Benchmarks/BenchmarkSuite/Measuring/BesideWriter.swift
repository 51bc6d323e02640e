internal import CProbes
internal import Dispatch
internal import FilterTables
internal import Foundation
internal import Synchronization

/// Decisions while another thread edits the tables and publishes each version, beside decisions while
/// nobody does.
final class BesideWriter<Writer: TableWriter>: Sendable {
    private let writer: Mutex<Writer>
    private let published: PublishedTables
    private let isDone = Atomic(false)

    private static var changesPerSecond: Int { 10_000 }
    private static var batchSize: Int { 1_024 }
    /// How long decisions are measured, at least.
    private static var nanoseconds: UInt64 { 300_000_000 }

    init(_ writer: Writer) {
        published = PublishedTables(writer.tables)
        self.writer = Mutex(writer)
    }

    /// What part of its rate a reader keeps: the median over the rounds. Processor time of the reader.
    ///
    /// - Parameter nextTrace: makes headers that were not there before.
    func row(_ name: String, rounds: Int, _ nextTrace: () -> Trace) -> Row {
        let warming = nextTrace()
        var ratios: [Double] = []
        var changeRates: [Double] = []
        for round in 0..<rounds {
            let trace = nextTrace()
            // Who comes second finds the machine as the first left it.
            let first = round % 2 == 0 ? rate(trace, warming) : nil
            let (beside, changes) = rateBesideWriter(trace, warming)
            ratios.append(beside / (first ?? rate(trace, warming)))
            changeRates.append(changes)
        }
        let changes = Row.text(Sample(changeRates).median)
        return Row(name, .ratio, Sample(ratios), note: "\(changes) changes a second")
    }

    private func rateBesideWriter(
        _ trace: Trace, _ warming: Trace
    ) -> (decisions: Double, changesPerSecond: Double) {
        let start = DispatchTime.now().uptimeNanoseconds
        let writing = DispatchGroup()
        let changeCount = Mutex(0)
        isDone.store(false, ordering: .relaxed)
        DispatchQueue.global().async(group: writing) { [self] in
            let count = write()
            changeCount.withLock { $0 = count }
        }
        let rate = rate(trace, warming)
        isDone.store(true, ordering: .relaxed)
        writing.wait()
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        return (rate, Double(changeCount.withLock { $0 }) / seconds)
    }

    /// Edits and publishes at an even pace until the reader is done; how often.
    private func write() -> Int {
        let start = DispatchTime.now().uptimeNanoseconds
        var count = 0
        while !isDone.load(ordering: .relaxed) {
            let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            let due = Int(elapsed * Double(BesideWriter.changesPerSecond))
            while count < due, !isDone.load(ordering: .relaxed) {
                published.publish(writer.withLock { $0.edit() })
                count += 1
            }
            Thread.sleep(forTimeInterval: 5e-5)
        }
        return count
    }

    /// Decisions a nanosecond of a reader that takes the newest version before each batch.
    private func rate(_ trace: Trace, _ warming: Trace) -> Double {
        var decider = Decider(writer.withLock { $0.tables })
        var outcomes = Array(
            repeating: Outcome.undecided, count: max(warming.count, BesideWriter.batchSize))
        let (queries, warming) = (trace.queries, warming.queries)
        var room = outcomes.mutableSpan
        decider.decide(warming.span, into: &room)
        var count = 0
        let start = thread_nanoseconds()
        var elapsed: UInt64 = 0
        while elapsed < BesideWriter.nanoseconds {
            decider.emptyMemo()
            for first in stride(from: 0, to: queries.count, by: BesideWriter.batchSize) {
                let batch = first..<min(first + BesideWriter.batchSize, queries.count)
                published.refresh(&decider)
                decider.decide(queries.span.extracting(batch), into: &room)
            }
            count += queries.count
            elapsed = thread_nanoseconds() - start
        }
        return Double(count) / Double(elapsed)
    }
}
