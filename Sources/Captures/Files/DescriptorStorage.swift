internal import Glibc

/// An open file or pipe, read from front to back: the only place that asks the operating system for
/// a capture's bytes.
///
/// A regular file is read at an offset of its own, so that it can be closed in between and opened
/// again. One that is shorter than it was when it was opened has failed, and has not just ended.
final class DescriptorStorage: ByteSource {
    private let path: String
    private var descriptor: CInt?
    // Of a regular file, where the next byte lies; of a pipe, how many were read.
    private var offset: Int
    /// What a regular file was when it was opened first; `nil` for a pipe or a device.
    private let identity: Identity?
    private let closesBetweenReads: Bool

    private struct Identity: Equatable {
        let device: UInt
        let inode: UInt
        let byteCount: Int
    }

    /// The size of a regular file.
    var byteCount: Int? { identity?.byteCount }
    /// How far a regular file was read.
    var byteOffset: Int? { identity == nil ? nil : offset }
    /// Opens `path`; `-` is standard input, from where it stands. A regular file that does not stay
    /// open is opened for each read.
    ///
    /// - Throws: ``CaptureError/cannotOpen(path:cause:)``.
    init(path: String, staysOpen: Bool) throws(CaptureError) {
        // SAFETY: the path lives through the call.
        let opened = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen(path: path, cause: systemError()) }
        self.path = path
        descriptor = opened
        identity = DescriptorStorage.identity(of: opened)
        let start = identity == nil ? 0 : lseek(opened, 0, SEEK_CUR)
        offset = max(0, start)
        closesBetweenReads = !staysOpen && identity != nil && path != "-"
        // The kernel reads further ahead. It is advice: a refusal changes nothing.
        _ = posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
        if closesBetweenReads { closeForNow() }
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    func read(into room: UnsafeMutableRawBufferPointer) -> SourceRead {
        guard let descriptor = descriptor ?? reopened() else {
            return .failed("it cannot be opened again: \(systemError())")
        }
        defer { if closesBetweenReads { closeForNow() } }
        while true {
            // SAFETY: at most `room.count` bytes are written, all of them into `room`.
            let count =
                identity == nil
                ? unsafe Glibc.read(descriptor, room.baseAddress, room.count)
                : unsafe pread(descriptor, room.baseAddress, room.count, offset)
            if count > 0 {
                offset += count
                return .bytes(count)
            }
            if count == 0 { return end() }
            // Whoever handles a signal wants to be heard, and a pipe may never give more.
            if errno == EINTR, identity == nil { return .failed("interrupted by a signal") }
            if errno != EINTR { return .failed(systemError()) }
        }
    }

    private func closeForNow() {
        if let descriptor { close(descriptor) }
        descriptor = nil
    }

    private func end() -> SourceRead {
        guard let byteCount, offset < byteCount else { return .end }
        return .failed("the file shrank: \(offset) of \(byteCount) bytes could be read")
    }

    /// The file opened again, if it still is the one that it was.
    private func reopened() -> CInt? {
        // SAFETY: the path lives through the call.
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        let found = DescriptorStorage.identity(of: opened)
        guard found?.device == identity?.device, found?.inode == identity?.inode else {
            close(opened)
            errno = ESTALE
            return nil
        }
        descriptor = opened
        return opened
    }

    private static func identity(of descriptor: CInt) -> Identity? {
        var attributes = stat()
        // SAFETY: `attributes` outlives the call.
        guard unsafe fstat(descriptor, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return Identity(
            device: UInt(attributes.st_dev), inode: UInt(attributes.st_ino),
            byteCount: Int(attributes.st_size))
    }
}

/// What the operating system says about the call that failed last, its first letter in lower case.
func systemError() -> String {
    // SAFETY: `strerror` returns a string that lives until its next call.
    let message = unsafe String(cString: strerror(errno))
    return message.prefix(1).lowercased() + message.dropFirst()
}
