import Captures

/// Reads any bytes as a capture file and checks what must hold; stops the program where it does not.
///
/// - It ends, and what it gives does not depend on how much of the file is in memory at once.
/// - Decoded in batches, frames say what the walk over their headers says.
/// - Where libpcap reads frames, they are the same frames.
///
/// libFuzzer calls it in a build with `--sanitize fuzzer`. The input is the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOneCapture(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start = unsafe start else { return 0 }
    // SAFETY: the caller's buffer holds `count` bytes and outlives the call.
    unsafe check(MemoryFile(UnsafeRawBufferPointer(start: start, count: count)))
    return 0
}

/// Checks one file; the result is how many frames it has, `nil` if it is no capture.
@discardableResult
func check(_ file: borrowing MemoryFile) -> Int? {
    let reading = Reading(of: file.path, .alone)
    // A window so small that it moves and grows all the time, and one that is in between.
    let small = Reading(of: file.path, ReaderFootprint(windowByteCount: 16))
    let odd = Reading(
        of: file.path, ReaderFootprint(windowByteCount: 61, keepsFileOpen: false))
    precondition(reading == small && reading == odd, "the window's size makes a difference")
    if reading != nil {
        checkColumns(of: file.path, .alone)
        checkColumns(of: file.path, ReaderFootprint(windowByteCount: 61, keepsFileOpen: false))
    }
    if let libpcaps = Reading(throughLibpcap: file.path) {
        guard let reading else { preconditionFailure("libpcap opens it") }
        precondition(reading.frames.count >= libpcaps.frames.count, "libpcap reads more frames")
        for (frame, libpcaps) in zip(reading.frames, libpcaps.frames) {
            precondition(frame.agrees(with: libpcaps), "libpcap reads another frame")
        }
    }
    return reading?.frames.count
}

/// A capture read to its end.
private struct Reading: Equatable {
    var frames: [Frame] = []
    var status = CaptureStatus.open

    init?(of path: String, _ footprint: ReaderFootprint) {
        do throws(CaptureError) {
            var reader = try CaptureReader(path: path, footprint: footprint)
            read(&reader)
        } catch {
            precondition(!error.description.isEmpty)
            return nil
        }
    }

    init?(throughLibpcap path: String) {
        do throws(CaptureError) {
            var reader = try CaptureReader(throughLibpcap: path)
            read(&reader)
        } catch {
            return nil
        }
    }

    private mutating func read(_ reader: inout CaptureReader) {
        var frames: [Frame] = []
        status = reader.readFrames(upTo: .max) { frame, bytes in
            precondition(frame.capturedLength == bytes.byteCount)
            frames.append(Frame(frame, bytes))
        }
        precondition(frames.count == reader.frameCount)
        self.frames = frames
    }
}

/// A frame, with a hash for its bytes.
private struct Frame: Equatable {
    let frame: CapturedFrame
    let hash: UInt64
    /// Whether libpcap may turn fields of the frame into this machine's byte order.
    let isConverted: Bool

    init(_ frame: CapturedFrame, _ bytes: RawSpan) {
        self.frame = frame
        isConverted = Frame.isConverted(bytes, frame.linkType)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for offset in 0..<bytes.byteCount {
            // SAFETY: the load checks the offset, and every bit pattern is a byte.
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        self.hash = hash
    }

    func agrees(with libpcaps: Frame) -> Bool {
        let (own, other) = (frame, libpcaps.frame)
        // libpcap's arithmetic overflows for times finer than 2⁻³⁴ s.
        let isSameTime =
            own.timestampDigits == 9
            ? own.time.seconds == other.time.seconds : own.time == other.time
        // Other types have other numbers in libpcap.
        let isSameType =
            own.linkType == other.linkType || !LinkType.supported.contains(own.linkType)
        return isSameTime && isSameType && own.originalLength == other.originalLength
            && own.capturedLength == other.capturedLength
            && (hash == libpcaps.hash || isConverted)
    }

    /// In files of the other byte order libpcap converts the headers that kernels write in their own:
    /// of pf's log, USB, netfilter's log and pktap, and of CAN behind a cooked header.
    private static func isConverted(_ bytes: RawSpan, _ linkType: LinkType) -> Bool {
        switch linkType.rawValue {
        case 117, 189, 220, 239, 258: return true
        case 113:
            guard bytes.byteCount >= 16 else { return false }
            // SAFETY: both offsets lie below 16, and every bit pattern is a byte.
            let (high, low) = unsafe (
                bytes.unsafeLoad(fromByteOffset: 14, as: UInt8.self),
                bytes.unsafeLoad(fromByteOffset: 15, as: UInt8.self)
            )
            return high == 0 && (low == 0x0C || low == 0x0D)
        default: return false
        }
    }
}
