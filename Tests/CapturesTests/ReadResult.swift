import Captures
import Foundation
import TestSupport
import Testing

/// What libpcap itself, asked from C, reads of a shared capture.
struct ReadResult {
    let name: String
    /// Whether libpcap opens the file.
    let opens: Bool
    /// How reading ends.
    let status: CaptureStatus
    let packetCount: Int
    let capturedByteCount: Int
    let linkType: LinkType?

    /// Where the capture of that name is.
    static func path(ofCapture name: String) throws -> String {
        try #require(SharedFolder.url).appendingPathComponent("captures/\(name)").path
    }

    /// The results of all shared captures.
    static func all() throws -> [ReadResult] {
        let url = try #require(SharedFolder.url)
            .appendingPathComponent("captures/truth/READ_RESULTS.tsv")
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst()
            .map { line in
                try ReadResult(
                    columns: line.split(separator: "\t", omittingEmptySubsequences: false)
                        .map(String.init))
            }
    }

    private init(columns: [String]) throws {
        try #require(columns.count == 12)
        name = columns[0]
        opens = columns[4] != "open_failed"
        status =
            columns[4] == "eof"
            ? .end(complete: true, error: nil) : .end(complete: false, error: columns[9])
        packetCount = try #require(Int(columns[5]))
        capturedByteCount = try #require(Int(columns[6]))
        // Written as `NAME(number)`.
        linkType = columns[8].split(separator: "(").last.flatMap { Int32($0.dropLast()) }
            .map(LinkType.init(dataLinkType:))
    }
}
