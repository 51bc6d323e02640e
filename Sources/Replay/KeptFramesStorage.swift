package import Captures

/// A frame as its file holds it.
package struct KeptFrame: Hashable, Sendable {
    /// Where its bytes are in ``KeptFrames/bytes``.
    package let range: Range<Int>
    /// Its length on the wire as the file gives it, which in a damaged one may be less than `range`.
    package let originalLength: Int
    package let linkType: LinkType
    /// The interface of the file that captured it: see ``CapturedFrame/interface``.
    package let interface: Int

    /// The same frame with its bytes at `start`.
    fileprivate func moved(to start: Int) -> KeptFrame {
        KeptFrame(
            range: start..<start + range.count, originalLength: originalLength,
            linkType: linkType, interface: interface)
    }
}

/// The frames of a batch as their file holds them, in memory that is used again and again.
package struct KeptFrames: Sendable {
    /// In the order of the batch.
    package private(set) var frames: [KeptFrame] = []
    /// The bytes of all, one behind the other.
    package private(set) var bytes: [UInt8] = []

    /// Nothing.
    package init() {}

    mutating func removeAll() {
        frames.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ frame: CapturedFrame, _ frameBytes: RawSpan) {
        let start = bytes.count
        // SAFETY: the pointer is used inside the closure, with all of the span's bytes behind it.
        unsafe frameBytes.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        frames.append(
            KeptFrame(
                range: start..<bytes.count, originalLength: frame.originalLength,
                linkType: frame.linkType, interface: frame.interface))
    }

    /// Appends frames of `other`.
    mutating func append(_ range: Range<Int>, of other: KeptFrames) {
        for frame in other.frames[range] {
            let start = bytes.count
            bytes.append(contentsOf: other.bytes[frame.range])
            frames.append(frame.moved(to: start))
        }
    }

    /// Moves the frames from place `index` on to `other`, in the place of what is there.
    mutating func split(at index: Int, into other: inout KeptFrames) {
        other.removeAll()
        guard index < frames.count else { return }
        let start = frames[index].range.lowerBound
        other.bytes.append(contentsOf: bytes[start...])
        for frame in frames[index...] {
            other.frames.append(frame.moved(to: frame.range.lowerBound - start))
        }
        frames.removeSubrange(index...)
        bytes.removeSubrange(start...)
    }
}
