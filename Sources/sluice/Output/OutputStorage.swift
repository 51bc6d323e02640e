import Glibc

/// Why output cannot be written.
enum OutputError: Error, Hashable, Sendable {
    /// The reader went away: no fault of ours.
    case closed
    case failed(file: String, cause: String)
}

/// Bytes on their way to an open file, gathered into large writes.
///
/// The first failure stays, and everything behind it is dropped: whoever writes much looks at
/// ``failure`` now and then. One thread at a time.
final class OutputStorage {
    private let descriptor: Int32
    /// What messages call the file; `nil` is standard output, whose reader may leave.
    private let name: String?
    private var buffer: [UInt8] = []
    /// Why writing stopped.
    private(set) var failure: OutputError?

    private static let capacity = 1 << 16

    /// Output to an open descriptor, which stays open.
    fileprivate init(descriptor: Int32, name: String?) {
        self.descriptor = descriptor
        self.name = name
        buffer.reserveCapacity(2 * OutputStorage.capacity)
    }

    /// The process's standard output.
    static func standardOutput() -> OutputStorage {
        OutputStorage(descriptor: STDOUT_FILENO, name: nil)
    }

    /// Lets `body` append bytes, and writes when enough have come together.
    func append(_ body: (inout [UInt8]) -> Void) {
        body(&buffer)
        if buffer.count >= OutputStorage.capacity { flush() }
    }

    /// Appends bytes.
    func append(_ bytes: [UInt8]) { append { $0.append(contentsOf: bytes) } }

    /// Appends a text.
    func append(_ text: String) { append { $0.append(contentsOf: text.utf8) } }

    /// Writes the lines, of which no copy is made, and empties them.
    func write(_ lines: inout LineStorage) {
        flush()
        lines.withBytes { write($0) }
        lines.removeAll()
    }

    /// Writes what is left.
    ///
    /// - Throws: the first failure of all writes.
    func finish() throws(OutputError) {
        flush()
        if let failure { throw failure }
    }

    private func flush() {
        // SAFETY: the bytes are read inside the closure.
        unsafe buffer.withUnsafeBytes { write(unsafe $0.bytes) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: RawSpan) {
        var written = 0
        while failure == nil, written < bytes.byteCount {
            // SAFETY: the pointer is used inside the closure, with the bytes that are left behind it.
            let count = unsafe bytes.extracting(droppingFirst: written).withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                written += count
            } else if name == nil, errno == EPIPE || errno == EBADF {
                // The reader left, or there was none from the start (`>&-`).
                failure = .closed
            } else if errno != EINTR {
                failure = .failed(file: name ?? "standard output", cause: systemMessage())
            }
        }
    }
}

/// A file that appears under its name only when it is complete.
///
/// The bytes go to a temporary name beside it, which is renamed at the end and removed on failure. A
/// path that exists and is no regular file, such as a device or a pipe, is written directly. A symbolic
/// link stays one: what is replaced is the file that it leads to, whose permissions the new one has.
struct OutputFile: ~Copyable {
    private(set) var output: OutputStorage
    /// The file's name and the one it has until it is complete; `nil` if it is written directly.
    private let replacement: (path: String, temporaryPath: String)?
    private let path: String
    private var descriptor: Int32
    private var isFinished = false

    /// Whether the file is complete before it has its name, and can be written anew until then.
    var isReplaceable: Bool { replacement != nil }

    /// Creates the file.
    init(path: String) throws(OutputError) {
        self.path = path
        replacement = OutputFile.replaceablePath(path).map { ($0, "\($0).\(getpid()).partial") }
        // SAFETY: the path's text lives through the call; so it does in the calls below.
        descriptor = unsafe open(
            replacement?.temporaryPath ?? path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        output = OutputStorage(descriptor: descriptor, name: "`\(path)`")
        if descriptor < 0 {
            isFinished = true
            throw .failed(file: "`\(path)`", cause: systemMessage())
        }
        if let target = replacement?.path, let mode = OutputFile.mode(ofFileAt: target) {
            // A file system that refuses has no permissions to keep.
            _ = fchmod(descriptor, mode & 0o777)
        }
    }

    /// Standard output, as if it were a file.
    static func standardOutput() -> OutputFile {
        OutputFile(output: .standardOutput(), path: "-", descriptor: dup(STDOUT_FILENO))
    }

    private init(output: OutputStorage, path: String, descriptor: Int32) {
        self.output = output
        self.path = path
        self.descriptor = descriptor
        replacement = nil
    }

    deinit {
        guard !isFinished else { return }
        close(descriptor)
        if let replacement { unsafe _ = unlink(replacement.temporaryPath) }
    }

    /// Writes what is left and gives the file its name.
    mutating func finish() throws(OutputError) {
        try output.finish()
        isFinished = true
        let isClosed = close(descriptor) == 0
        guard let (target, temporaryPath) = replacement else { return }
        guard isClosed, unsafe rename(temporaryPath, target) == 0 else {
            let failure = failure()
            unsafe unlink(temporaryPath)
            throw failure
        }
    }

    /// Writes the file anew: `body` gets the path of what was written so far and the new output.
    ///
    /// - Precondition: ``isReplaceable``.
    mutating func rewrite(
        _ body: (String, OutputStorage) throws(OutputError) -> Void
    ) throws(OutputError) {
        guard let former = replacement?.temporaryPath else {
            preconditionFailure("`\(path)` is written directly")
        }
        try output.finish()
        let next = former + ".next"
        // SAFETY: the paths live through the calls.
        let nextDescriptor = unsafe open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard nextDescriptor >= 0 else { throw failure() }
        if let mode = OutputFile.mode(ofFileAt: former) { _ = fchmod(nextDescriptor, mode & 0o777) }
        let nextOutput = OutputStorage(descriptor: nextDescriptor, name: "`\(path)`")
        do throws(OutputError) {
            try body(former, nextOutput)
            guard unsafe rename(next, former) == 0 else { throw failure() }
        } catch {
            close(nextDescriptor)
            unsafe unlink(next)
            throw error
        }
        close(descriptor)
        (descriptor, output) = (nextDescriptor, nextOutput)
    }

    /// The error of the call that failed last.
    private func failure() -> OutputError { .failed(file: "`\(path)`", cause: systemMessage()) }

    /// Where a file may be put in the place of `path`: there if nothing or a regular file is there,
    /// else where its symbolic links lead; `nil` if that is no regular file that has a name, as with
    /// `/dev/stdout`.
    private static func replaceablePath(_ path: String) -> String? {
        guard let kind = mode(ofFileAt: path).map({ $0 & S_IFMT }) else { return path }
        guard kind == S_IFLNK else { return kind == S_IFREG ? path : nil }
        // SAFETY: the path's text lives through the call, whose result is ours to free.
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        let target = unsafe String(cString: resolved)
        return mode(ofFileAt: target).map { $0 & S_IFMT } == S_IFREG ? target : nil
    }

    /// Kind and permissions of the file at `path`, of a symbolic link those of the link; `nil` if
    /// nothing is there.
    private static func mode(ofFileAt path: String) -> mode_t? {
        var attributes = stat()
        // SAFETY: `attributes` outlives the call.
        guard unsafe lstat(path, &attributes) == 0 else { return nil }
        return attributes.st_mode
    }
}

/// What the operating system says about the call that failed last, its first letter in lower case.
private func systemMessage() -> String {
    // SAFETY: `strerror` returns a string that lives until its next call.
    let message = unsafe String(cString: strerror(errno))
    return message.prefix(1).lowercased() + message.dropFirst()
}

/// Makes writing to a closed pipe an error that is seen, not a signal that kills.
func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
}
