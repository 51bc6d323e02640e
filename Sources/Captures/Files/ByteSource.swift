/// Where a window's bytes come from: a file, a pipe, or a stream that is being decompressed.
///
/// One thread at a time.
protocol ByteSource: AnyObject {
    /// Puts the next bytes at the beginning of `room`, which is not empty.
    func read(into room: UnsafeMutableRawBufferPointer) -> SourceRead
    /// The size of the regular file at the bottom; `nil` for a pipe.
    var byteCount: Int? { get }
    /// How far that file was read.
    var byteOffset: Int? { get }
}

/// What one read gave.
enum SourceRead: Equatable {
    /// At least one byte.
    case bytes(Int)
    /// No more bytes, as it should be.
    case end
    /// No more bytes, and why.
    case failed(String)
}
