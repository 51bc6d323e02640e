internal import Glibc

/// A file without a name that holds given bytes, and has a path all the same while it lives.
@safe
struct MemoryFile: ~Copyable {
    private let descriptor: CInt

    /// The path under which it can be opened.
    var path: String { "/proc/self/fd/\(descriptor)" }

    init(_ bytes: UnsafeRawBufferPointer) {
        // SAFETY: the template ends in a zero, and the call writes inside of it.
        var template = Array("/dev/shm/capture-XXXXXX".utf8CString)
        descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let name = buffer.baseAddress else { return -1 }
            let opened = unsafe mkstemp(name)
            unsafe unlink(name)
            return opened
        }
        precondition(descriptor >= 0, "no memory for a file")
        var written = 0
        while written < bytes.count {
            // SAFETY: reads from `written` on at most what is left of the bytes.
            let count = unsafe write(
                descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            precondition(count > 0, "a file in memory cannot be written")
            written += count
        }
    }

    deinit { close(descriptor) }
}
