/// The way over the records of a pcap file (draft-ietf-opsawg-pcap).
///
///      0 magic(4)  major(2) minor(2)  zone(4)  figures(4)  snapshot length(4)  link type(4)
///
///      0 seconds(4)  fraction(4)  captured length(4)  original length(4)  frame …        a record
///     16 interface(4) protocol(2) packet type(1) 0(1)                    Kuznetzov's, before the frame
///
/// A value: a copy walks on from another place in the same file, on any thread.
struct PcapWalk: Sendable {
    private let order: FileOrder
    private let linkType: LinkType
    private let digits: Int
    /// What one unit of the fraction is.
    private let nanosecondsPerUnit: UInt64
    private let recordHeaderLength: Int
    private let lengthOrder: LengthOrder
    /// The most bytes that a frame of the file's link type may have.
    private let longestFrame: Int
    /// What a frame is cut at, whatever its record holds, as libpcap does.
    private let snapshotLength: Int
    /// The records that need no look at each of these.
    private let plainRecords: PlainRecords?

    /// The two lengths changed places in version 2.3, and some files say 2.3 and have them as before.
    private enum LengthOrder {
        case capturedFirst, originalFirst, smallerIsCaptured
    }

    /// The length of the file's header.
    static let headerLength = 24

    /// Whether `bytes` begin with one of the magic numbers.
    static func begins(_ bytes: RawSpan) -> Bool { Magic(bytes) != nil }

    /// Reads the file's header.
    ///
    /// - Precondition: ``begins(_:)``, and ``headerLength`` bytes are there.
    /// - Throws: that this version is not supported.
    init(header bytes: RawSpan) throws(OpeningProblem) {
        guard let magic = Magic(bytes) else { preconditionFailure("no magic number") }
        order = magic.order
        nanosecondsPerUnit = magic.kind == .nanoseconds ? 1 : 1000
        digits = magic.kind == .nanoseconds ? 9 : 6
        recordHeaderLength = magic.kind == .kuznetzov ? 24 : 16
        let (major, minor) = (bytes.uint16(at: 4, order), bytes.uint16(at: 6, order))
        switch (major, minor) {
        // DG/UX wrote 543.0.
        case (2, 0..<3), (543, 0): lengthOrder = .originalFirst
        case (2, 3): lengthOrder = .smallerIsCaptured
        case (2, _): lengthOrder = .capturedFirst
        default: throw .unsupportedVersion("pcap", major, minor)
        }
        // The upper six bits tell how long the frame check sequence is.
        linkType = LinkType(fileNumber: bytes.uint32(at: 20, order) & 0x03FF_FFFF)
        longestFrame = linkType.longestFrame
        // Kuznetzov's captures made an Ethernet header for frames that had none, beyond the length.
        let added = magic.kind == .kuznetzov && linkType == .ethernet ? 14 : 0
        snapshotLength = linkType.snapshotLength(claimed: bytes.uint32(at: 16, order)) + added
        let isPlain =
            RecordHead.isReadable && order == .little && lengthOrder == .capturedFirst
            && recordHeaderLength == RecordHead.frameOffset && linkType == .ethernet
        plainRecords =
            isPlain
            ? PlainRecords(
                nanosecondsPerUnit: nanosecondsPerUnit, digits: UInt8(digits),
                longestFrame: UInt32(min(longestFrame, snapshotLength))) : nil
    }

    /// Appends the records from `position` on to `records`, until these are `limit`.
    func read(
        _ bytes: RawSpan, from position: inout Int, into records: inout [FrameRecord],
        upTo limit: Int
    ) -> WalkStop {
        var stop = WalkStop.full
        while records.count < limit {
            guard let record = takeRecord(bytes, from: &position, &stop) else { return stop }
            records.append(record)
        }
        return .full
    }

    /// Decodes the frames of at most `limit` records from `position` on, and appends what they hold.
    ///
    /// Nothing is written in between: a record takes a third less time than by way of ``FrameRecord``s.
    func decode(
        _ bytes: RawSpan, from position: inout Int, into frames: inout DecodedFrames,
        upTo limit: Int, decapsulating encapsulation: Encapsulation?
    ) -> WalkStop {
        var stop = WalkStop.full
        let end = frames.count + limit
        while true {
            if let plainRecords, encapsulation == nil {
                frames.append(
                    plainRecords, in: bytes, from: &position, upTo: end - frames.count)
            }
            guard frames.count < end else { return .full }
            guard let record = takeRecord(bytes, from: &position, &stop) else { return stop }
            frames.append(
                record.frame, bytes.extracting(record.range), decapsulating: encapsulation)
        }
    }

    /// The record at `position`, which is moved behind it; if there is none, `stop` says why.
    @inline(__always)
    private func takeRecord(
        _ bytes: RawSpan, from position: inout Int, _ stop: inout WalkStop
    ) -> FrameRecord? {
        let start = position
        guard bytes.byteCount - start >= recordHeaderLength else {
            stop = .needs(recordHeaderLength)
            return nil
        }
        var capturedLength = bytes.uint32(at: start + 8, order)
        var originalLength = bytes.uint32(at: start + 12, order)
        if lengthOrder != .capturedFirst { order(&capturedLength, &originalLength) }
        guard Int(capturedLength) <= longestFrame else {
            stop = tooLong(capturedLength)
            return nil
        }
        // At most 128 MiB and a few bytes: no sum here can overflow.
        let length = recordHeaderLength + Int(capturedLength)
        guard bytes.byteCount - start >= length else {
            stop = .needs(length)
            return nil
        }
        position = start + length
        let frame = CapturedFrame(
            time: FrameTime(
                seconds: Int64(bytes.uint32(at: start, order)),
                nanoseconds: UInt64(bytes.uint32(at: start + 4, order)) * nanosecondsPerUnit),
            timestampDigits: digits, capturedLength: min(Int(capturedLength), snapshotLength),
            originalLength: Int(originalLength), linkType: linkType)
        return FrameRecord(frame, at: start + recordHeaderLength)
    }

    private func tooLong(_ capturedLength: UInt32) -> WalkStop {
        .malformed(
            "a record claims \(capturedLength) captured bytes, "
                + "more than the \(longestFrame) that a frame may have")
    }

    private func order(_ captured: inout UInt32, _ original: inout UInt32) {
        if lengthOrder == .originalFirst || captured > original { swap(&captured, &original) }
    }

    /// The first four bytes: which kind of file, and in which order.
    private struct Magic {
        enum Kind { case microseconds, nanoseconds, kuznetzov }
        let kind: Kind
        let order: FileOrder

        init?(_ bytes: RawSpan) {
            guard bytes.byteCount >= 4 else { return nil }
            switch bytes.uint32(at: 0) {
            case 0xA1B2_C3D4: (kind, order) = (.microseconds, .big)
            case 0xD4C3_B2A1: (kind, order) = (.microseconds, .little)
            case 0xA1B2_3C4D: (kind, order) = (.nanoseconds, .big)
            case 0x4D3C_B2A1: (kind, order) = (.nanoseconds, .little)
            case 0xA1B2_CD34: (kind, order) = (.kuznetzov, .big)
            case 0x34CD_B2A1: (kind, order) = (.kuznetzov, .little)
            default: return nil
            }
        }
    }
}

/// Why a file is no capture that can be read.
struct OpeningProblem: Error, Equatable {
    /// For a person.
    let cause: String

    static func unsupportedVersion(
        _ format: String, _ major: UInt16, _ minor: UInt16
    ) -> OpeningProblem {
        OpeningProblem(cause: "\(format) version \(major).\(minor) is not supported")
    }
}
