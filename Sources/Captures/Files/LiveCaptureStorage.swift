internal import CPcap
internal import Glibc

/// When a capture of an interface ends by itself.
package struct LiveLimits: Hashable, Sendable {
    /// After so many frames.
    package let frameCount: Int?
    /// After so long.
    package let duration: Duration?

    package init(frameCount: Int? = nil, duration: Duration? = nil) {
        self.frameCount = frameCount
        self.duration = duration
    }
}

/// A network interface that libpcap listens to.
///
/// A read waits for a tenth of a second at most: then it may give nothing, and the capture is open still.
@safe
final class LiveCapture: CaptureSourceFile {
    // INVARIANT: active until `deinit`.
    private let handle: OpaquePointer
    private let selectable: CInt
    private let linkType: LinkType
    private let digits: Int
    private var remainingCount: Int?
    private let end: ContinuousClock.Instant?
    private var status = CaptureStatus.open
    // The frames of the last read, and their bytes.
    private var records: [FrameRecord] = []
    private var bytes: [UInt8] = []

    var byteCount: Int? { nil }
    var byteOffset: Int? { nil }
    var isLive: Bool { true }

    /// Longer frames do not exist but on D-Bus and USB.
    private static let snapshotLength: CInt = 262_144
    private static let waitMilliseconds: CInt = 100

    /// Begins to listen.
    ///
    /// - Throws: ``CaptureError/cannotOpen(path:cause:)``: no such interface, or no permission.
    init(interface: String, limits: LiveLimits) throws(CaptureError) {
        var (cause, isNanosecond) = ("", false)
        // SAFETY: libpcap writes at most PCAP_ERRBUF_SIZE bytes, and a zero behind the text; the name
        // lives through the call.
        let opened = unsafe withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(PCAP_ERRBUF_SIZE)
        ) { text -> OpaquePointer? in
            unsafe text.initialize(repeating: 0)
            let handle = unsafe pcap_create(interface, text.baseAddress)
            if let handle = unsafe handle,
                let problem = unsafe LiveCapture.activate(handle, text, &isNanosecond)
            {
                cause = problem
                unsafe pcap_close(handle)
                return nil
            }
            if unsafe handle == nil { cause = unsafe String(cString: text.baseAddress!) }
            return unsafe handle
        }
        guard let handle = unsafe opened else {
            throw .cannotOpen(path: interface, cause: cause)
        }
        unsafe self.handle = handle
        selectable = unsafe pcap_get_selectable_fd(handle)
        linkType = LinkType(dataLinkType: unsafe pcap_datalink(handle))
        digits = isNanosecond ? 9 : 6
        remainingCount = limits.frameCount
        end = limits.duration.map { ContinuousClock.now + $0 }
    }

    deinit { unsafe pcap_close(handle) }

    func readBatch(
        upTo limit: Int, within bound: TimeBound?, _ body: (Span<FrameRecord>, RawSpan) -> Void
    ) -> CaptureStatus {
        guard status == .open else { return status }
        records.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        wait()
        readWaitingFrames(upTo: min(limit, remainingCount ?? limit))
        if let count = remainingCount { remainingCount = count - records.count }
        if remainingCount == 0 || end.map({ ContinuousClock.now >= $0 }) == true { finish() }
        guard !records.isEmpty else { return status }
        let (records, bytes) = (records, bytes)
        let batch = records.span
        // SAFETY: the buffer lives through the closure, and the span cannot outlive the call of `body`.
        unsafe bytes.withUnsafeBytes { buffer in
            let span = unsafe buffer.bytes
            body(batch, span)
        }
        return .open
    }

    /// Nobody knows.
    func nextTime() -> FrameTime? { nil }

    /// Waits until frames are there, for a tenth of a second at most.
    private func wait() {
        guard selectable >= 0 else {
            usleep(UInt32(LiveCapture.waitMilliseconds) * 1000)
            return
        }
        var event = pollfd(fd: selectable, events: Int16(POLLIN), revents: 0)
        // SAFETY: `event` outlives the call. A signal ends the wait, as a frame does.
        _ = unsafe poll(&event, 1, LiveCapture.waitMilliseconds)
    }

    private func readWaitingFrames(upTo limit: Int) {
        while records.count < limit {
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var data: UnsafePointer<UInt8>?
            let result = unsafe pcap_next_ex(handle, &header, &data)
            guard result >= 0 else {
                status = .end(complete: false, error: unsafe String(cString: pcap_geterr(handle)))
                return
            }
            // SAFETY: on 1 both pointers are set, until the next call.
            guard result == 1, let record = unsafe header?.pointee, let data = unsafe data else {
                return
            }
            unsafe append(record, data)
        }
    }

    private func append(_ record: pcap_pkthdr, _ data: UnsafePointer<UInt8>) {
        let fraction = UInt64(clamping: record.ts.tv_usec)
        let frame = CapturedFrame(
            time: FrameTime(
                seconds: Int64(record.ts.tv_sec),
                nanoseconds: digits == 9 ? fraction : fraction * 1000),
            timestampDigits: digits, capturedLength: Int(record.caplen),
            originalLength: Int(record.len), linkType: linkType)
        records.append(FrameRecord(frame, at: bytes.count))
        // SAFETY: libpcap's buffer holds `caplen` bytes.
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(record.caplen)))
    }

    /// Ends in good order; frames that the kernel had no room for are missing.
    private func finish() {
        var counts = pcap_stat()
        // SAFETY: `counts` outlives the call.
        let lostCount = unsafe pcap_stats(handle, &counts) == 0 ? counts.ps_drop : 0
        status =
            lostCount == 0
            ? .end(complete: true, error: nil)
            : .end(complete: false, error: "the kernel had no room for \(lostCount) packets")
    }

    /// Begins to listen; the result is why that is impossible, if it is.
    private static func activate(
        _ handle: OpaquePointer, _ text: UnsafeMutableBufferPointer<CChar>,
        _ isNanosecond: inout Bool
    ) -> String? {
        // SAFETY: the handle is not active yet, which these calls ask for.
        unsafe pcap_set_snaplen(handle, snapshotLength)
        unsafe pcap_set_promisc(handle, 1)
        unsafe pcap_set_timeout(handle, waitMilliseconds)
        isNanosecond = unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0
        let result = unsafe pcap_activate(handle)
        if result < 0 {
            // SAFETY: both texts are libpcap's, and live until its next call.
            let status = unsafe String(cString: pcap_statustostr(result))
            let detail = unsafe String(cString: pcap_geterr(handle))
            let known = status.prefix(1).lowercased() + status.dropFirst()
            return detail.isEmpty || detail == status ? known : "\(known) (\(detail))"
        }
        // SAFETY: the buffer has room for libpcap's message, which ends in a zero.
        guard unsafe pcap_setnonblock(handle, 1, text.baseAddress) == 0 else {
            return unsafe String(cString: text.baseAddress!)
        }
        return nil
    }
}
