package import Captures
package import CloudModel

/// One frame of a capture, as a question about it needs it.
package struct FoundFrame: Sendable {
    /// From 1.
    package let number: Int
    package let time: CaptureTime
    package let frame: BatchedFrame
    /// For a later fragment, the frame and the packet of its datagram's first fragment, if the capture
    /// showed it before.
    package let firstFragment: (number: Int, packet: Packet)?
}

/// Why there is no such frame.
package enum FrameSearchError: Error, Hashable, Sendable {
    case capture(CaptureError)
    /// The capture has fewer frames; `cause` is why it ended early, if it did.
    case endsBefore(number: Int, path: String, frameCount: Int, cause: String?)

    /// The one-line message, without a full stop.
    package var message: String {
        switch self {
        case .capture(let error): error.description
        case .endsBefore(let number, let path, let frameCount, let cause):
            "`\(path)` has no frame \(number): it ends after \(frameCount)"
                + (cause.map { ": \($0)" } ?? "")
        }
    }
}

/// Reads the capture at `path` up to frame `number`, counted from 1. In tunnels of the kind
/// `encapsulation` the inner packets are found.
///
/// - Throws: ``FrameSearchError``.
/// - Precondition: `number` is at least 1.
/// - Complexity: linear in the frames before; memory for the datagrams of 131,072 first fragments at
///   most.
package func findFrame(
    _ number: Int, inCaptureAt path: String, decapsulating encapsulation: Encapsulation? = nil
) throws(FrameSearchError) -> FoundFrame {
    precondition(number >= 1)
    var reader: CaptureReader
    do throws(CaptureError) {
        reader = try CaptureReader(path: path)
    } catch {
        throw .capture(error)
    }
    var firstFragments = SeenFirstFragments()
    var batch = FrameBatch(decapsulating: encapsulation)
    var status = CaptureStatus.open
    while status == .open {
        status = batch.fill(from: &reader)
        for index in batch.frames.indices {
            let (frame, found) = (batch.frames[index], batch.origin.framesBefore + index + 1)
            if found == number {
                return FoundFrame(
                    number: number, time: frame.captureTime, frame: frame,
                    firstFragment: firstFragments.first(of: frame))
            }
            firstFragments.remember(frame, number: found)
        }
    }
    guard case .end(_, let cause) = status else { preconditionFailure("the capture is read") }
    throw .endsBefore(number: number, path: path, frameCount: reader.frameCount, cause: cause)
}

/// The first fragments of the datagrams seen last: at least 65,536, if there were as many.
private struct SeenFirstFragments {
    private struct Datagram: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let ipProtocol: IPProtocol
        let identification: UInt32
    }

    private static let generationSize = 65_536

    private var recent: [Datagram: (number: Int, packet: Packet)] = [:]
    private var older: [Datagram: (number: Int, packet: Packet)] = [:]

    /// Keeps a frame if it is a first fragment.
    mutating func remember(_ frame: BatchedFrame, number: Int) {
        guard let packet = frame.packet, packet.fragment?.isFirst == true,
            let datagram = datagram(of: frame)
        else { return }
        if recent.count == SeenFirstFragments.generationSize {
            older = recent
            recent = [:]
        }
        recent[datagram] = (number, packet)
    }

    /// The first fragment of a later one's datagram.
    func first(of frame: BatchedFrame) -> (number: Int, packet: Packet)? {
        guard frame.packet?.isLaterFragment == true, let datagram = datagram(of: frame) else {
            return nil
        }
        return recent[datagram] ?? older[datagram]
    }

    private func datagram(of frame: BatchedFrame) -> Datagram? {
        guard let packet = frame.packet, let fragment = packet.fragment,
            let ipProtocol = frame.fragmentProtocol
        else { return nil }
        return Datagram(
            source: packet.source, destination: packet.destination, ipProtocol: ipProtocol,
            identification: fragment.identification)
    }
}
