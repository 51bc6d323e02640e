internal import CZlib

/// A gzip stream (RFC 1952), decompressed piece by piece: one member after another, as concatenated
/// files are.
@safe
final class GzipStorage: ByteSource {
    private let input: CompressedInput
    // At an address of its own: zlib compares it with the one that it was given first.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isBetweenMembers = false
    // Whether zlib may have more output than there was room for: it is taken before more input is read.
    private var holdsOutput = false
    // Why there are no more bytes behind those that the last read gave.
    private var failure: String?

    var byteCount: Int? { input.source.byteCount }
    var byteOffset: Int? { input.source.byteOffset }

    /// A stream whose compressed bytes are `beginning` and what `source` then gives.
    init(_ source: any ByteSource, beginning: [UInt8]) {
        input = CompressedInput(source, beginning: beginning)
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // SAFETY: the stream is zeroed as zlib asks. 15 is the largest window; 16 asks for gzip.
        let result = unsafe inflateInit2_(
            stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        if result != Z_OK { failure = "zlib cannot begin: error \(result)" }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func read(into room: UnsafeMutableRawBufferPointer) -> SourceRead {
        if let failure { return .failed(failure) }
        let roomCount = min(room.count, Int(CInt.max))
        unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: Bytef.self)
        unsafe stream.pointee.avail_out = uInt(roomCount)
        while failure == nil {
            if !holdsOutput, input.isEmpty {
                switch input.fill() {
                case .bytes: break
                case .end where isBetweenMembers: return .end
                case .end: failure = "the gzip stream is cut short"
                case .failed(let cause): failure = cause
                }
            }
            if isBetweenMembers, !beginMember() { continue }
            inflateSome()
            holdsOutput = unsafe !isBetweenMembers && stream.pointee.avail_out == 0
            let written = unsafe roomCount - Int(stream.pointee.avail_out)
            if written > 0 { return .bytes(written) }
        }
        return .failed(failure ?? "")
    }

    /// Passes the zeros that tapes and some tools put behind a member, and begins the next one.
    private func beginMember() -> Bool {
        input.skipZeros()
        guard !input.isEmpty else { return false }
        // SAFETY: the stream was initialized, and has ended.
        unsafe inflateReset(stream)
        isBetweenMembers = false
        return true
    }

    private func inflateSome() {
        guard failure == nil else { return }
        unsafe input.withBytes { bytes -> Int in
            // SAFETY: zlib reads at most the bytes given and writes at most `avail_out`.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.baseAddress?.assumingMemoryBound(to: Bytef.self))
            unsafe stream.pointee.avail_in = uInt(bytes.count)
            switch unsafe inflate(stream, Z_NO_FLUSH) {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isBetweenMembers = true
            default:
                // SAFETY: zlib's messages are literals of its own.
                let cause = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
                failure = "the gzip stream is damaged" + (cause.map { ": \($0)" } ?? "")
            }
            return unsafe bytes.count - Int(stream.pointee.avail_in)
        }
    }
}
