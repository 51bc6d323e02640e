internal import CZstd

/// A zstd stream (RFC 8878), decompressed piece by piece: one frame after another.
///
/// A frame may ask for a window of up to 128 MiB, which is zstd's own limit.
@safe
final class ZstdStorage: ByteSource {
    private let input: CompressedInput
    private let stream: OpaquePointer
    private var isBetweenFrames = false
    // How many bytes zstd is given next: up to the end of a block. With more at once, a damaged block
    // would take what was before it along.
    private var wantedCount = ZstdStorage.frameStart
    private static let frameStart = 5
    private static let blockHeader = 3
    // Whether zstd may have more output than there was room for: it is taken before more input is given.
    private var holdsOutput = false
    // Why there are no more bytes behind those that the last read gave.
    private var failure: String?

    var byteCount: Int? { input.source.byteCount }
    var byteOffset: Int? { input.source.byteOffset }

    /// A stream whose compressed bytes are `beginning` and what `source` then gives.
    init(_ source: any ByteSource, beginning: [UInt8]) {
        input = CompressedInput(source, beginning: beginning)
        guard let stream = unsafe ZSTD_createDStream() else {
            preconditionFailure("no memory for a zstd stream")
        }
        unsafe self.stream = stream
    }

    deinit { unsafe ZSTD_freeDStream(stream) }

    func read(into room: UnsafeMutableRawBufferPointer) -> SourceRead {
        if let failure { return .failed(failure) }
        var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        while failure == nil {
            if !holdsOutput, input.isEmpty {
                switch input.fill() {
                case .bytes: break
                case .end where isBetweenFrames: return .end
                case .end: failure = "the zstd stream is cut short"
                case .failed(let cause): failure = cause
                }
            }
            unsafe decompressSome(into: &output)
            if unsafe output.pos > 0 { return unsafe .bytes(output.pos) }
        }
        return .failed(failure ?? "")
    }

    private func decompressSome(into output: inout ZSTD_outBuffer) {
        guard failure == nil else { return }
        unsafe input.withBytes { bytes -> Int in
            var given = unsafe ZSTD_inBuffer(
                src: bytes.baseAddress, size: holdsOutput ? 0 : min(bytes.count, wantedCount),
                pos: 0)
            // SAFETY: zstd reads and writes inside of the two buffers.
            let result = unsafe ZSTD_decompressStream(stream, &output, &given)
            if ZSTD_isError(result) != 0 {
                // SAFETY: the names are literals of zstd's own.
                let cause = unsafe String(cString: ZSTD_getErrorName(result))
                failure =
                    "the zstd stream is damaged: \(cause.prefix(1).lowercased())\(cause.dropFirst())"
            } else {
                note(result, isFull: unsafe output.pos == output.size)
            }
            return unsafe given.pos
        }
    }

    /// Notes what a call returned: 0 at the end of a frame, else how many bytes it asks for, which are
    /// those of a block and the header of the next one.
    private func note(_ result: Int, isFull: Bool) {
        isBetweenFrames = result == 0
        holdsOutput = isFull && result != 0
        wantedCount =
            result == 0
            ? ZstdStorage.frameStart
            : result > ZstdStorage.blockHeader ? result - ZstdStorage.blockHeader : result
    }
}
