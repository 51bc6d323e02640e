internal import CPcap
internal import CloudModel
internal import Glibc

/// libpcap's handle of an open capture file, owned: the only place that talks to libpcap.
///
/// - Note: libpcap 1.10 refuses pcapng files whose interfaces differ in link type or snapshot
///   length, and pcap versions other than 2.0 to 2.4.
@safe
struct CaptureFile: ~Copyable {
    // INVARIANT: open until `deinit`. libpcap owns the stream behind it.
    private let handle: OpaquePointer
    private let prologue: CapturePrologue

    let linkType: LinkType
    /// The size of a regular file.
    let byteCount: Int?

    private init(handle: OpaquePointer, prologue: CapturePrologue, byteCount: Int?) {
        unsafe self.handle = handle
        self.prologue = prologue
        self.byteCount = byteCount
        linkType = LinkType(dataLinkType: unsafe pcap_datalink(handle))
    }

    deinit { unsafe pcap_close(handle) }

    /// How many digits the file's times have: 6 or 9.
    var timestampDigits: Int { prologue.timestampDigits }

    /// Opens `path`; `-` is standard input.
    static func open(_ path: String) throws(CaptureError) -> CaptureFile {
        // A stream of our own even for standard input: libpcap closes what it is given.
        // SAFETY: the literal and the path live through the call; the stream is checked for null.
        let opened =
            path == "-" ? unsafe fdopen(dup(STDIN_FILENO), "rb") : unsafe fopen(path, "rb")
        guard let stream = unsafe opened else {
            throw .cannotOpen(path: path, cause: systemError())
        }
        let prologue = unsafe readPrologue(of: stream)
        let byteCount = unsafe regularFileSize(of: stream)
        // SAFETY: libpcap writes at most PCAP_ERRBUF_SIZE bytes, and a zero behind the text. On
        // success it owns the stream; otherwise the stream is still ours.
        var cause = ""
        let handle = unsafe withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(PCAP_ERRBUF_SIZE)
        ) { buffer -> OpaquePointer? in
            unsafe buffer.initialize(repeating: 0)
            let handle = unsafe pcap_fopen_offline_with_tstamp_precision(
                stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), buffer.baseAddress)
            if unsafe handle == nil { cause = unsafe String(cString: buffer.baseAddress!) }
            return unsafe handle
        }
        guard let handle = unsafe handle else {
            unsafe fclose(stream)
            throw .notACapture(path: path, cause: cause)
        }
        return unsafe CaptureFile(handle: handle, prologue: prologue, byteCount: byteCount)
    }

    /// Hands the next frame to `body`, or says why there is none.
    func readFrame(_ body: (CapturedFrame, RawSpan) -> Void) -> CaptureStatus {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        let result = unsafe pcap_next_ex(handle, &header, &data)
        guard result == 1, let record = unsafe header?.pointee, let data = unsafe data else {
            if result == PCAP_ERROR_BREAK { return .end(complete: true, error: nil) }
            return .end(complete: false, error: unsafe String(cString: pcap_geterr(handle)))
        }
        let frame = CapturedFrame(
            time: time(of: record), timestampDigits: timestampDigits,
            capturedLength: Int(record.caplen),
            originalLength: Int(record.len), linkType: linkType)
        // SAFETY: libpcap's buffer holds `caplen` bytes until the next read from this handle, and
        // the span cannot outlive the call of `body`.
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: Int(record.caplen))
        body(frame, unsafe bytes.bytes)
        return .open
    }

    /// How far the stream behind the handle has been read; `nil` on a pipe.
    var byteOffset: Int? {
        // SAFETY: the handle is open, and libpcap keeps its stream as long.
        guard byteCount != nil, let stream = unsafe pcap_file(handle) else { return nil }
        let offset = unsafe ftell(stream)
        return offset < 0 ? nil : offset
    }

    /// The time in a record's header, in nanoseconds because the file was opened so.
    ///
    /// pcap's two fields are unsigned; libpcap takes them for signed and multiplies microseconds by
    /// 1,000. Both are undone here, so that times from 2038 to 2106 stay what they are.
    private func time(of record: pcap_pkthdr) -> FrameTime {
        let seconds = Int64(record.ts.tv_sec)
        let fraction = Int64(record.ts.tv_usec)
        guard prologue.format == .pcap else {
            return FrameTime(seconds: seconds, nanoseconds: UInt64(clamping: fraction))
        }
        let scale: Int64 = prologue.timestampDigits == 6 ? 1000 : 1
        return FrameTime(
            seconds: Int64(UInt32(truncatingIfNeeded: seconds)),
            nanoseconds: UInt64(UInt32(truncatingIfNeeded: fraction / scale)) * UInt64(scale))
    }
}

/// Reads the head of `stream` and puts it back, so that libpcap finds the stream untouched.
///
/// A regular file is wound back to where it stood, which on standard input need not be its beginning.
/// On a pipe the bytes are pushed back one by one, in reverse: the C
/// library then only steps back in its buffer, or keeps them in one of its own.
@unsafe
private func readPrologue(of stream: UnsafeMutablePointer<FILE>) -> CapturePrologue {
    let start = unsafe ftell(stream)
    var taken: [UInt8] = []
    let prologue = CapturePrologue { count in
        while taken.count < count {
            let byte = unsafe getc(stream)
            guard byte != EOF else { break }
            taken.append(UInt8(truncatingIfNeeded: byte))
        }
        return Array(taken.prefix(count))
    }
    if unsafe start < 0 || fseek(stream, start, SEEK_SET) != 0 {
        for byte in taken.reversed() {
            unsafe ungetc(Int32(byte), stream)
        }
    }
    return prologue
}

/// The size of the regular file behind `stream`; `nil` for a pipe or a device.
@unsafe
private func regularFileSize(of stream: UnsafeMutablePointer<FILE>) -> Int? {
    var attributes = stat()
    // SAFETY: the stream is open, and `attributes` outlives the call.
    guard unsafe fstat(fileno(stream), &attributes) == 0,
        attributes.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Int(attributes.st_size)
}
