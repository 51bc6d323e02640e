internal import Glibc

/// Why a file could not be read.
package struct UnreadableFile: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// The system's error number.
    package let errorNumber: Int32

    /// The path and the system's words for the error, their first letter in lower case.
    package var description: String {
        // SAFETY: strerror returns a string that ends in NUL and lives until this thread's next
        // call; it is copied at once.
        let words = unsafe String(cString: strerror(errorNumber))
        return "cannot read `\(path)`: \(words.prefix(1).lowercased() + words.dropFirst())"
    }
}

/// How large a file may be that is read whole. It is many times what a cloud's state takes, and far
/// less than a sparse file or a device such as `/dev/zero` would give.
private let fileByteLimit = 1 << 31

/// The bytes of the file, pipe or device at `path`.
///
/// The file is read, not mapped: one that shrinks while it is parsed must not end the process.
///
/// - Throws: ``UnreadableFile`` if it cannot be opened or read, or is larger than 2 GiB.
package func readFile(path: String) throws(UnreadableFile) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UnreadableFile(path: path, errorNumber: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    let expectedCount = byteCount(of: descriptor)
    guard expectedCount <= fileByteLimit else {
        throw UnreadableFile(path: path, errorNumber: EFBIG)
    }
    bytes.reserveCapacity(expectedCount)
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        // SAFETY: the call writes at most as many bytes as the buffer has.
        let count = unsafe chunk.withUnsafeMutableBytes { buffer in
            unsafe read(descriptor, buffer.baseAddress, buffer.count)
        }
        if count == 0 { return bytes }
        if count > 0 {
            guard bytes.count + count <= fileByteLimit else {
                throw UnreadableFile(path: path, errorNumber: EFBIG)
            }
            bytes.append(contentsOf: chunk[..<count])
        } else if errno != EINTR {
            throw UnreadableFile(path: path, errorNumber: errno)
        }
    }
}

/// The length of an ordinary file; 0 if it is something else.
private func byteCount(of descriptor: Int32) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        return 0
    }
    return Int(status.st_size)
}
