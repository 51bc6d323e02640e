package import CloudModel

/// Reads the header trace at `path`: see ``readHeaders(_:file:)``.
///
/// - Throws: ``PlainFileError``, at the first line or record that is no header.
package func readHeaders(path: String) throws(PlainFileError) -> [Quintuple] {
    try readHeaders(readPlainFile(path: path), file: path)
}

/// Reads a trace of IPv4 headers, in either form:
///
///       0        4        8    10    12 13      16
///       ├─ src ──┼─ dst ──┼─sp──┼─dp──┼p┼─ 0 0 0 ┤     16 bytes, little-endian
///
/// or text with five decimal fields a line (source, destination, source port, destination port,
/// protocol), whose blank lines and further columns are passed over. The first record of a binary
/// trace has zero bytes in it, and text has none.
///
/// - Throws: ``PlainFileError``, at the first line or record that is no header.
package func readHeaders(
    _ bytes: [UInt8], file: String
) throws(PlainFileError) -> [Quintuple] {
    bytes.prefix(16).contains(0)
        ? try binaryHeaders(bytes, file: file) : try textHeaders(bytes, file: file)
}

private let recordLength = 16

private func binaryHeaders(
    _ bytes: [UInt8], file: String
) throws(PlainFileError) -> [Quintuple] {
    var headers: [Quintuple] = []
    headers.reserveCapacity(bytes.count / recordLength)
    for start in stride(from: 0, to: bytes.count, by: recordLength) {
        let record = start / recordLength + 1
        guard start + recordLength <= bytes.count else {
            throw .badRecord(
                file: file, record: record, .cutOff(byteCount: bytes.count - start))
        }
        guard bytes[start + 13] | bytes[start + 14] | bytes[start + 15] == 0 else {
            throw .badRecord(file: file, record: record, .paddingNotZero)
        }
        headers.append(
            Quintuple(
                source: bytes.littleEndianWord(at: start),
                destination: bytes.littleEndianWord(at: start + 4),
                sourcePort: bytes.littleEndianHalf(at: start + 8),
                destinationPort: bytes.littleEndianHalf(at: start + 10),
                ipProtocol: bytes[start + 12]))
    }
    return headers
}

private func textHeaders(
    _ bytes: [UInt8], file: String
) throws(PlainFileError) -> [Quintuple] {
    var headers: [Quintuple] = []
    try forEachLine(of: bytes) { range, line throws(PlainFileError) in
        var fields = LineFields(bytes, range)
        guard !fields.isAtEnd else { return }
        func number(
            _ field: PlainFileError.Field, upTo limit: UInt64
        ) throws(PlainFileError) -> UInt64 {
            let before = fields
            if let number = fields.takeNumber(upTo: limit), fields.isAtFieldEnd { return number }
            fields = before
            let found = String(decoding: bytes[fields.next()], as: UTF8.self)
            throw .badLine(file: file, line: line, .badField(field, found: found))
        }
        headers.append(
            Quintuple(
                source: UInt32(try number(.source, upTo: UInt64(UInt32.max))),
                destination: UInt32(try number(.destination, upTo: UInt64(UInt32.max))),
                sourcePort: UInt16(try number(.sourcePort, upTo: 65535)),
                destinationPort: UInt16(try number(.destinationPort, upTo: 65535)),
                ipProtocol: UInt8(try number(.ipProtocol, upTo: 255))))
    }
    return headers
}

extension [UInt8] {
    fileprivate func littleEndianHalf(at index: Int) -> UInt16 {
        UInt16(self[index]) | UInt16(self[index + 1]) << 8
    }

    fileprivate func littleEndianWord(at index: Int) -> UInt32 {
        UInt32(littleEndianHalf(at: index)) | UInt32(littleEndianHalf(at: index + 2)) << 16
    }
}
