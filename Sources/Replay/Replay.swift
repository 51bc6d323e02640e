package import Captures
import FilterTables

/// A capture to be replayed and where its packets are evaluated.
package struct CaptureSource: Hashable, Sendable {
    /// The path; `-` is standard input.
    package let path: String
    package let placement: Placement

    package init(path: String, placement: Placement) {
        self.path = path
        self.placement = placement
    }
}

/// Someone who looks at each batch behind the decision: writes lines, shows progress.
///
/// It is called once a batch, never once a packet; a replay without observers pays nothing for them.
package protocol FrameObserver: AnyObject {
    /// Looks at a batch and its answers, and says whether the replay goes on.
    func observe(_ batch: borrowing FrameBatch, _ evaluator: borrowing Evaluator) -> Bool
}

/// Captures run through tables: read, decode, place, decide, tally, batch by batch.
///
///     var replay = Replay(fleet, captures: sources)
///     try replay.open()
///     let result = replay.run(observers: [lines])
///
/// One thread at a time.
package struct Replay: ~Copyable {
    private let fleet: CompiledFleet
    private let captures: [CaptureSource]
    private let passCount: Int
    private var opened: [OpenedCapture] = []

    /// A replay of `captures` in their order, `passCount` times.
    package init(_ fleet: CompiledFleet, captures: [CaptureSource], passCount: Int = 1) {
        self.fleet = fleet
        self.captures = captures
        self.passCount = passCount
    }

    /// Opens every capture, so that one that cannot be read stops the work before it begins.
    ///
    /// Regular files are closed again until their turn comes; pipes and standard input, which can be
    /// read once, stay open.
    ///
    /// - Throws: ``ReplayError``, naming the first capture that cannot be replayed.
    package mutating func open() throws(ReplayError) {
        opened = []
        for source in captures {
            do throws(CaptureError) {
                opened.append(try OpenedCapture(source.path))
            } catch {
                throw .capture(error)
            }
        }
        if passCount > 1, let place = opened.firstIndex(where: { !$0.isRepeatable }) {
            throw .notRepeatable(path: captures[place].path)
        }
    }

    /// The bytes of all captures and passes; `nil` if one is a pipe, or if they are more than can be
    /// counted: sparse files and `--loop` know no bounds. Known once the captures are open.
    package var byteCount: Int? {
        var sum = 0
        for capture in opened {
            guard let byteCount = capture.byteCount else { return nil }
            let (total, overflows) = sum.addingReportingOverflow(byteCount)
            guard !overflows else { return nil }
            sum = total
        }
        let (total, overflows) = sum.multipliedReportingOverflow(by: passCount)
        return overflows ? nil : total
    }

    /// Runs all captures and counts.
    ///
    /// A capture that ends early is decided as far as it goes, and its result says so. The time is that
    /// of reading, deciding and observing.
    ///
    /// - Precondition: ``open()`` succeeded; a replay runs once.
    package mutating func run(observers: [any FrameObserver] = []) -> ReplayResult {
        precondition(opened.count == captures.count, "a replay runs after it was opened")
        var evaluator = Evaluator(fleet)
        var batch = FrameBatch()
        var tally = Tally(ruleNumberLimit: fleet.tables.ruleNumberLimit)
        var results = captures.map { CaptureResult(path: $0.path) }
        let clock = ContinuousClock()
        let start = clock.now
        passes: for _ in 0..<passCount {
            evaluator.forgetFragments()
            for number in captures.indices {
                let goesOn = run(
                    number, &evaluator, &batch, &tally, &results[number], observers)
                if !goesOn { break passes }
            }
        }
        return ReplayResult(
            tally: tally, captures: results, elapsed: clock.now - start, fleet: fleet)
    }

    /// Runs one capture to its end; the result is whether the replay goes on.
    private mutating func run(
        _ number: Int, _ evaluator: inout Evaluator, _ batch: inout FrameBatch,
        _ tally: inout Tally, _ result: inout CaptureResult, _ observers: [any FrameObserver]
    ) -> Bool {
        var reader: CaptureReader
        do throws(CaptureError) {
            reader = try opened[number].takeReader()
        } catch {
            // It could be opened before: it vanished, or changed, while others were replayed.
            result.end(complete: false, error: error.description)
            return true
        }
        var status = CaptureStatus.open
        while status == .open {
            status = batch.fill(from: &reader)
            evaluator.evaluate(batch, at: captures[number].placement)
            tally.add(batch, evaluator)
            result.packetCount += batch.frames.count
            for observer in observers where !observer.observe(batch, evaluator) { return false }
        }
        if case .end(let complete, let error) = status {
            result.end(complete: complete, error: error)
        }
        return true
    }
}

/// Why a replay cannot begin.
package enum ReplayError: Error, Hashable, Sendable {
    case capture(CaptureError)
    /// A pipe and standard input have no second pass.
    case notRepeatable(path: String)

    /// The one-line message, without a full stop.
    package var message: String {
        switch self {
        case .capture(let error): error.description
        case .notRepeatable(let path): "`\(path)` can be read only once, so it cannot be repeated"
        }
    }
}

/// A capture that was opened for its check, and is read later.
private final class OpenedCapture {
    private let path: String
    /// `nil` for a pipe.
    let byteCount: Int?
    /// Whether it can be opened again: a pipe cannot, nor can standard input, even where that is a
    /// file, because all its readers share one place in it.
    let isRepeatable: Bool
    private var reader: CaptureReader?

    init(_ path: String) throws(CaptureError) {
        self.path = path
        let reader = try CaptureReader(path: path)
        byteCount = reader.byteCount
        isRepeatable = byteCount != nil && path != "-"
        // Hundreds of captures may be given: those that can be opened again do not stay open.
        self.reader = isRepeatable ? nil : consume reader
    }

    /// A reader at the first frame.
    func takeReader() throws(CaptureError) -> CaptureReader {
        if let reader = reader.take() { return reader }
        return try CaptureReader(path: path)
    }
}
