package import ControlPlane

/// A call of an operation file, and when a replay makes it.
package struct TimedOperation: Hashable, Sendable {
    package var request: OperationRequest
    /// On the capture's clock; `nil` if the file does not say.
    package var time: OperationTime?
    /// Where the call begins in the file, from 1.
    package var line: Int
}

/// A time since 1970 as a file gives it, exact to the nanosecond.
package struct OperationTime: Hashable, Sendable, Comparable {
    package var seconds: Int64
    /// Below 1,000,000,000.
    package var nanoseconds: UInt32

    /// The time that many seconds and nanoseconds after 1970 began.
    ///
    /// - Precondition: `nanoseconds` is below 1,000,000,000.
    package init(seconds: Int64, nanoseconds: UInt32) {
        precondition(nanoseconds < 1_000_000_000)
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Whether `lhs` is earlier.
    package static func < (lhs: OperationTime, rhs: OperationTime) -> Bool {
        (lhs.seconds, lhs.nanoseconds) < (rhs.seconds, rhs.nanoseconds)
    }
}

/// Reads the operation file at `path`: see ``loadOperations(_:file:)``.
///
/// - Throws: ``FleetFileError``, with every mistake of the file.
package func loadOperations(path: String) throws(FleetFileError) -> [TimedOperation] {
    let bytes: [UInt8]
    do throws(UnreadableFile) {
        bytes = try readFile(path: path)
    } catch {
        throw .unreadable(error)
    }
    return try loadOperations(bytes, file: path)
}

/// Reads calls from the bytes of a file that messages call `file`.
///
/// A line is a JSON object (FORMATS section 2) or the vendor's flat query form, `Action=…&…`; blank
/// lines are passed over. An object may go on over several lines.
///
/// - Throws: ``FleetFileError/malformed(file:_:)``, with every mistake of the file.
package func loadOperations(
    _ bytes: [UInt8], file: String
) throws(FleetFileError) -> [TimedOperation] {
    var document = DocumentReader(bytes)
    var operations: [TimedOperation] = []
    var place = LineCounter()
    do throws(JSONSyntaxError) {
        document.json.skipWhiteSpace()
        while let first = document.json.peek {
            place.advance(to: document.json.offset, in: bytes)
            let operation =
                first == UInt8(ascii: "{")
                ? try document.readOperation(line: place.line)
                : document.readQueryLine(line: place.line)
            if let operation { operations.append(operation) }
            try document.json.finishLine()
            document.json.skipWhiteSpace()
        }
    } catch {
        document.report(error)
    }
    guard document.errors.count == 0 else {
        throw .malformed(file: file, document.errors.problems(in: bytes))
    }
    return operations
}

extension JSONReader {
    /// Makes sure that nothing but white space stands between here and the end of the line.
    mutating func finishLine() throws(JSONSyntaxError) {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { offset += 1 }
        guard peek == nil || peek == 0x0A else {
            throw JSONSyntaxError(cause: .trailingContent, offset: offset)
        }
    }
}
