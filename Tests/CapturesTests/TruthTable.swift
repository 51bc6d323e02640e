import Foundation
import Glibc
import Testing
import TestSupport

/// tshark's reading of one capture: a row a frame, made with tunnels and reassembly off.
struct TruthTable {
    let rows: [TruthRow]

    /// The table of the capture named `name` in the shared folder.
    init(capture name: String) throws {
        let path = "captures/truth/\(name).truth.tsv.gz"
        let url = try #require(SharedFolder.url).appendingPathComponent(path)
        rows = try unzipped(url).split(separator: UInt8(ascii: "\n"))
            .filter { $0.first != UInt8(ascii: "#") }
            .map { line in
                try TruthRow(
                    fields: line.split(
                        separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false))
            }
    }
}

/// What tshark says of one frame, as text: `-` where it says nothing.
struct TruthRow {
    let frame: Int
    let version: String
    let fields: FrameFields
    /// `ok`, `nonfirst`, `short` (a protocol whose fields could not be read) or `na`.
    let transport: String

    init(fields columns: [ArraySlice<UInt8>]) throws {
        try #require(columns.count == 17)
        let text = columns[0..<15].map { String(decoding: $0, as: UTF8.self) }
        frame = try #require(Int(text[0]))
        version = text[3]
        transport = text[14]
        // Twelve bits as tshark prints them; the packet has the lower eight. The fragment offset is
        // tshark's number as the header holds it: in units of eight bytes.
        let flags = Int(text[11].dropFirst(2), radix: 16).map { String($0 & 0xFF) }
        fields = FrameFields(
            source: text[4], destination: text[5], ipProtocol: text[6], sourcePort: text[7],
            destinationPort: text[8], icmpType: text[9], icmpCode: text[10],
            tcpFlags: flags ?? "-", fragmentOffset: String((Int(text[12]) ?? 0) * 8),
            hasMore: text[13] == "-" ? "0" : text[13])
    }
}

/// The fields in which a decoded packet and tshark's reading can differ, as tshark writes them.
struct FrameFields: Equatable {
    var source, destination, ipProtocol, sourcePort, destinationPort: String
    var icmpType, icmpCode, tcpFlags, fragmentOffset, hasMore: String

    /// The names of the fields in which `other` differs.
    func differences(from other: FrameFields) -> [String] {
        let pairs: [(String, KeyPath<FrameFields, String>)] = [
            ("src", \.source), ("dst", \.destination), ("proto", \.ipProtocol),
            ("sport", \.sourcePort), ("dport", \.destinationPort), ("icmp_type", \.icmpType),
            ("icmp_code", \.icmpCode), ("tcp_flags", \.tcpFlags),
            ("frag_off", \.fragmentOffset), ("mf", \.hasMore),
        ]
        return pairs.filter { self[keyPath: $0.1] != other[keyPath: $0.1] }.map(\.0)
    }
}

/// The contents of a gzip file, through the command of that name.
///
/// Not through Foundation's `Process`: it leaks a few bytes a run, which a sanitizer reports.
private func unzipped(_ url: URL) throws -> [UInt8] {
    try #require(!url.path.contains("'"), "the path is quoted for the shell")
    // SAFETY: the literals live through the call; the stream is checked for null.
    let opened = unsafe popen("gzip -dc '\(url.path)'", "r")
    let stream = unsafe try #require(opened, "cannot run gzip")
    var contents: [UInt8] = []
    let chunk = 65_536
    var count = chunk
    while count == chunk {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { buffer, filled in
            // SAFETY: at most `chunk` bytes are written, as many as the buffer holds.
            filled = unsafe fread(buffer.baseAddress, 1, chunk, stream)
        }
        count = bytes.count
        contents += bytes
    }
    try #require(unsafe pclose(stream) == 0, "gzip cannot read `\(url.path)`")
    return contents
}
