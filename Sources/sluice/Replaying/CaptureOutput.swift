import Captures
import Replay

/// A capture file under way: pcap while that can hold the frames, and pcapng from the first one on that
/// it cannot, such as one of another link type; then what was written before is put into pcapng too.
///
/// A name that ends in `.pcapng` asks for that from the start. So does what cannot be written anew:
/// standard output, a pipe or a device.
final class CaptureOutput {
    private var file: OutputFile
    private var pcap: PcapEncoder?
    private var pcapng = PcapngEncoder()
    private var isPcapng: Bool
    private var isEmpty = true
    private var conversionFailure: OutputError?

    /// Creates the file; `-` is standard output.
    init(path: String, annotated: Bool = false) throws(OutputError) {
        file = path == "-" ? .standardOutput() : try OutputFile(path: path)
        isPcapng = annotated || path.hasSuffix(".pcapng") || !file.isReplaceable
    }

    /// Why writing stopped.
    var failure: OutputError? { conversionFailure ?? file.output.failure }

    /// Appends a frame; what names its source and the comment are for pcapng.
    func append(
        _ frame: CapturedFrame, _ bytes: ArraySlice<UInt8>, from source: String? = nil,
        comment: [UInt8] = []
    ) {
        if !isPcapng { appendToPcap(frame, bytes) }
        // A frame that pcap did not hold, or any.
        if isPcapng {
            file.output.append { output in
                pcapng.append(frame, bytes, from: source, comment: comment, to: &output)
            }
        }
        isEmpty = false
    }

    /// Completes the file and gives it its name.
    func finish() throws(OutputError) {
        if let conversionFailure { throw conversionFailure }
        if isEmpty {
            file.output.append(isPcapng ? PcapngEncoder.emptyFile : PcapEncoder.emptyFile)
        }
        try file.finish()
    }

    private func appendToPcap(_ frame: CapturedFrame, _ bytes: ArraySlice<UInt8>) {
        let encoder = pcap ?? PcapEncoder(like: frame)
        guard encoder.holds(frame) else { return convert() }
        file.output.append { output in
            if pcap == nil { encoder.appendHeader(to: &output) }
            encoder.append(frame, bytes, to: &output)
        }
        pcap = encoder
    }

    /// Puts what was written into pcapng.
    private func convert() {
        isPcapng = true
        guard pcap != nil else { return }
        do throws(OutputError) {
            try file.rewrite { path, output throws(OutputError) in try copyFrames(path, output) }
        } catch {
            conversionFailure = error
        }
    }

    private func copyFrames(_ path: String, _ output: OutputStorage) throws(OutputError) {
        var reader: CaptureReader
        do throws(CaptureError) {
            reader = try CaptureReader(path: path)
        } catch {
            throw .failed(file: "`\(path)`", cause: error.description)
        }
        var batch = FrameBatch(keepsBytes: true)
        var status = CaptureStatus.open
        while status == .open {
            status = batch.fill(from: &reader)
            for index in batch.frames.indices {
                let frame = CapturedFrame(batch.frames[index], batch.keptFrames.frames[index])
                let bytes = batch.keptFrames.bytes[batch.keptFrames.frames[index].range]
                output.append { pcapng.append(frame, bytes, to: &$0) }
            }
        }
        if case .end(complete: false, let cause) = status {
            throw .failed(file: "`\(path)`", cause: cause ?? "it ends early")
        }
    }
}

extension CapturedFrame {
    /// A frame of a batch as its capture has it.
    init(_ frame: BatchedFrame, _ kept: KeptFrame) {
        self.init(
            time: frame.time, timestampDigits: frame.captureTime.digits,
            capturedLength: kept.range.count, originalLength: kept.originalLength,
            linkType: kept.linkType, interface: kept.interface)
    }
}
