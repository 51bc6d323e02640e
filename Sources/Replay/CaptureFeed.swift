internal import Captures

/// In which order the frames of several captures come.
package enum CaptureOrder: Hashable, Sendable {
    /// One capture after the other, as they were given.
    case asGiven
    /// By time, as if all had been captured into one file; at the same time the capture that was given
    /// first goes first. A capture whose times run backwards keeps its own order.
    case byTime
}

/// The frames of all captures, batch by batch. A batch holds frames of one capture.
///
///     heads   ┌ 12.000 web.pcap ┐    the earliest gives frames until the next one is earlier
///             ├ 12.003 db.pcap  ┤
///             └ 15.100 mail.pcap, not yet open
///
/// One thread at a time.
struct CaptureFeed: ~Copyable {
    private let captures: [OpenedCapture]
    private let order: CaptureOrder
    /// The captures that have more to give; as given, all heads have the same time.
    private var heads: EarliestFirst
    private var readers: [ActiveReader?]

    /// One batch, or the end of a capture, or both.
    struct Step {
        /// The capture's place among those given.
        let capture: Int
        let status: CaptureStatus
    }

    /// Begins in front of the first frame.
    ///
    /// By time, every capture's first frame is looked at; one that has none, or cannot be read any more,
    /// ends when its turn comes, which is at once.
    init(_ captures: [OpenedCapture], order: CaptureOrder) {
        self.captures = captures
        self.order = order
        readers = Array(repeating: nil, count: captures.count)
        heads = EarliestFirst(
            captures.indices.map { place in
                let time = order == .byTime ? try? captures[place].firstTime() : nil
                return EarliestFirst.Head(time: time ?? .distantPast, capture: place)
            })
    }

    /// Replaces the frames of `batch` with the next ones; `nil` when all captures have ended.
    mutating func fill(_ batch: inout FrameBatch) -> Step? {
        batch.removeFrames()
        return append(to: &batch)
    }

    /// Appends the next frames to `batch`; `nil` when all captures have ended. The batch's origin becomes that
    /// of the frames appended.
    mutating func append(to batch: inout FrameBatch) -> Step? {
        guard let place = heads.first?.capture else { return nil }
        let reader: ActiveReader
        do throws(CaptureError) {
            reader = try activeReader(place)
        } catch {
            // It could be opened before: it vanished, or changed, while others were replayed.
            heads.removeFirst()
            return Step(capture: place, status: .end(complete: false, error: error.description))
        }
        let status = batch.append(from: &reader.reader, within: bound(for: place))
        if status == .open {
            let time = order == .byTime ? reader.reader.nextTime() : nil
            heads.replaceFirst(with: .init(time: time ?? .distantPast, capture: place))
        } else {
            readers[place] = nil
            heads.removeFirst()
        }
        return Step(capture: place, status: status)
    }

    /// How far a capture may be read before it is another one's turn.
    private func bound(for place: Int) -> TimeBound? {
        guard order == .byTime, let next = heads.second else { return nil }
        return TimeBound(next.time, isInclusive: place < next.capture)
    }

    private mutating func activeReader(_ place: Int) throws(CaptureError) -> ActiveReader {
        if let reader = readers[place] { return reader }
        let reader = ActiveReader(try captures[place].takeReader())
        readers[place] = reader
        return reader
    }

    /// A reader that an array can hold.
    private final class ActiveReader {
        var reader: CaptureReader
        init(_ reader: consuming CaptureReader) { self.reader = reader }
    }
}

extension FrameTime {
    /// Before every time that a capture can hold.
    fileprivate static let distantPast = FrameTime(seconds: .min, nanoseconds: 0)
}
