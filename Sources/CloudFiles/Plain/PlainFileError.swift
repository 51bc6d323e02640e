/// Why a plain rule list or header trace was not read.
package enum PlainFileError: Error, Hashable, Sendable {
    /// The file could not be read.
    case unreadable(UnreadableFile)
    /// A line of text is not what it should be.
    case badLine(file: String, line: Int, Cause)
    /// A binary record is not what it should be.
    case badRecord(file: String, record: Int, Cause)

    /// What is wrong with a line or record.
    package enum Cause: Error, Hashable, Sendable {
        /// A rule does not begin with `@`.
        case noAtSign
        /// A field is missing or is not of its form.
        case badField(Field, found: String)
        /// A port range begins behind its end.
        case reversedPorts(Field, found: String)
        /// A protocol mask is neither 0xFF, exactly this protocol, nor 0x00, any.
        case partialProtocolMask(String)
        /// A binary record is cut off.
        case cutOff(byteCount: Int)
        /// A binary record's last three bytes are not zero.
        case paddingNotZero
    }

    /// The fields of rules and headers.
    package enum Field: String, Hashable, Sendable {
        case source = "source"
        case destination = "destination"
        case sourcePort = "source port"
        case destinationPort = "destination port"
        case ipProtocol = "protocol"
    }
}

extension PlainFileError: CustomStringConvertible {
    /// `file:line: message`.
    package var description: String {
        switch self {
        case .unreadable(let file): file.description
        case .badLine(let file, let line, let cause): "\(file):\(line): \(cause)"
        case .badRecord(let file, let record, let cause): "\(file): record \(record): \(cause)"
        }
    }
}

extension PlainFileError.Cause: CustomStringConvertible {
    /// The message, without the place.
    package var description: String {
        switch self {
        case .noAtSign: "a rule must begin with `@`"
        case .badField(let field, let found) where found.isEmpty:
            "the \(field.rawValue) is missing"
        case .badField(let field, let found):
            "`\(Excerpt(found))` is not a \(field.rawValue)"
        case .reversedPorts(let field, let found):
            "the \(field.rawValue) range `\(Excerpt(found))` begins behind its end"
        case .partialProtocolMask(let found):
            "the protocol mask of `\(Excerpt(found))` is neither 0xFF nor 0x00"
        case .cutOff(let byteCount): "16 bytes are needed, and \(byteCount) are left"
        case .paddingNotZero: "the last three bytes are not zero"
        }
    }
}

/// The bytes of the file at `path`.
func readPlainFile(path: String) throws(PlainFileError) -> [UInt8] {
    do throws(UnreadableFile) {
        return try readFile(path: path)
    } catch {
        throw .unreadable(error)
    }
}
