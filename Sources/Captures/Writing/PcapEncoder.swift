/// The bytes of a pcap file, whose frames have one link type and one resolution
/// (draft-ietf-opsawg-pcap, version 2.4, little-endian).
///
///     let pcap = PcapEncoder(like: frame)
///     pcap.appendHeader(to: &output)
///     if pcap.holds(frame) { pcap.append(frame, bytes, to: &output) }
package struct PcapEncoder: Sendable {
    private let linkType: LinkType
    private let timestampDigits: Int

    /// An encoder for a file that begins with `frame`.
    package init(like frame: CapturedFrame) {
        linkType = frame.linkType
        timestampDigits = frame.timestampDigits
    }

    /// The header of a file without frames: Ethernet and microseconds, as nothing says otherwise.
    package static let emptyFile: [UInt8] = {
        let frame = CapturedFrame(
            time: FrameTime(seconds: 0, nanoseconds: 0), timestampDigits: 6, capturedLength: 0,
            originalLength: 0, linkType: .ethernet)
        var bytes: [UInt8] = []
        PcapEncoder(like: frame).appendHeader(to: &bytes)
        return bytes
    }()

    /// Whether the file can hold `frame` as it is: its link type, its digits and its time, which is
    /// counted in 32 bits from 1970 on.
    package func holds(_ frame: CapturedFrame) -> Bool {
        frame.linkType == linkType && frame.timestampDigits == timestampDigits
            && UInt32(exactly: frame.time.seconds) != nil
    }

    /// Appends the file's header.
    package func appendHeader(to output: inout [UInt8]) {
        output.append(little: timestampDigits == 9 ? 0xA1B2_3C4D : 0xA1B2_C3D4 as UInt32)
        output.append(little: 2 as UInt16)
        output.append(little: 4 as UInt16)
        // Zone and figures are 0 in every file.
        output.append(little: 0 as UInt64)
        output.append(little: UInt32(linkType.longestFrame))
        output.append(little: linkType.rawValue)
    }

    /// Appends a record.
    ///
    /// - Precondition: ``holds(_:)``.
    package func append(
        _ frame: CapturedFrame, _ bytes: ArraySlice<UInt8>, to output: inout [UInt8]
    ) {
        let nanoseconds = frame.time.nanoseconds
        output.append(little: UInt32(frame.time.seconds))
        output.append(little: timestampDigits == 9 ? nanoseconds : nanoseconds / 1000)
        output.append(little: UInt32(bytes.count))
        output.append(little: UInt32(clamping: frame.originalLength))
        output.append(contentsOf: bytes)
    }
}

extension [UInt8] {
    /// Appends a number, its lowest byte first.
    mutating func append(little value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
