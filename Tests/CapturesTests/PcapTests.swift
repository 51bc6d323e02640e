import Captures
import Testing

@Suite("pcap files")
struct PcapTests {
    private typealias C = CaptureFileBytes
    private let frame = FrameBytes.ethernet(0x0800, FrameBytes.ipv4(17, FrameBytes.udp()))

    @Test("Kuznetzov's records have eight bytes more", arguments: [false, true])
    func kuznetzov(isBigEndian: Bool) throws {
        let record = C.pcapRecord(seconds: 1, fraction: 2, frame, isBigEndian: isBigEndian)
        let more: [UInt8] = [3, 0, 0, 0, 8, 0, 4, 0]
        let reading = try Reading(
            bytes: C.pcapHeader(magic: 0xA1B2_CD34, isBigEndian: isBigEndian)
                + record.prefix(16) + more + frame + record.prefix(16) + more + frame)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.bytes) == [frame, frame])
        #expect(reading.times == ["1.000002", "1.000002"])
    }

    @Test(
        "old versions have the lengths in the other order",
        arguments: [(2, 2, true), (2, 3, true), (2, 3, false), (2, 4, false), (543, 0, true)])
    func versions(major: UInt16, minor: UInt16, isOriginalFirst: Bool) throws {
        var header = C.pcapHeader()
        header.replaceSubrange(
            4..<8, with: [UInt8(major & 0xFF), UInt8(major >> 8), UInt8(minor), 0])
        var record = C.pcapRecord(seconds: 1, fraction: 0, frame, originalLength: 1514)
        if isOriginalFirst {
            record.replaceSubrange(8..<16, with: Array(record[12..<16] + record[8..<12]))
        }
        let reading = try Reading(bytes: header + record + record)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.bytes) == [frame, frame])
        #expect(reading.frames.map(\.frame.originalLength) == [1514, 1514])
    }

    @Test("versions 1.4 and 3.0 are no captures, 2.5 is one")
    func otherVersions() throws {
        for (major, minor) in [(1, 4), (3, 0), (543, 1)] as [(UInt16, UInt16)] {
            var header = C.pcapHeader()
            header.replaceSubrange(
                4..<8, with: [UInt8(major & 0xFF), UInt8(major >> 8), UInt8(minor), 0])
            let bytes = header
            #expect {
                _ = try Reading(bytes: bytes)
            } throws: { error in
                "\(error)".hasSuffix("pcap version \(major).\(minor) is not supported")
            }
        }
        var header = C.pcapHeader()
        header[6] = 5
        #expect(try Reading(bytes: header).isComplete)
    }

    @Test("frames are cut at the file's snapshot length, and the next one is found")
    func snapshotLength() throws {
        var header = C.pcapHeader()
        header.replaceSubrange(16..<20, with: [30, 0, 0, 0])
        let record = C.pcapRecord(seconds: 1, fraction: 0, frame)
        let reading = try Reading(bytes: header + record + record)
        #expect(reading.frames.map(\.bytes) == [Array(frame.prefix(30)), Array(frame.prefix(30))])
        #expect(reading.frames.map(\.frame.originalLength) == [frame.count, frame.count])
    }

    @Test("the link type's upper bits tell of the check sequence")
    func checkSequence() throws {
        let header = C.pcapHeader(linkType: 0x2400_0001)
        let record = C.pcapRecord(seconds: 1, fraction: 0, frame)
        #expect(try Reading(bytes: header + record).frames.first?.frame.linkType == .ethernet)
    }

    @Test("records of no byte and of 256 KiB are read; one byte more is too much")
    func lengths() throws {
        let long = [UInt8](repeating: 7, count: 262_144)
        let header = C.pcapHeader().enumerated().map { (16..<20).contains($0) ? 0 : $1 }
        let records =
            C.pcapRecord(seconds: 1, fraction: 0, [])
            + C.pcapRecord(seconds: .max, fraction: 999_999, long)
            + C.pcapRecord(seconds: 3, fraction: 0, [])
        let reading = try Reading(bytes: header + records + records)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.bytes.count) == [0, 262_144, 0, 0, 262_144, 0])
        #expect(reading.times[1] == "4294967295.999999")
        let tooLong = C.pcapRecord(seconds: 1, fraction: 0, long + [7])
        let ended = try Reading(bytes: header + records + tooLong)
        #expect(ended.frames.count == 3)
        #expect(
            ended.status
                == .end(
                    complete: false,
                    error: "at byte \(24 + records.count): a record claims 262145 captured bytes, "
                        + "more than the 262144 that a frame may have"))
    }
}
