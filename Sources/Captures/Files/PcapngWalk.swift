/// The way over the blocks of a pcapng file (draft-ietf-opsawg-pcapng).
///
///     type(4)  length(4)  body …  length(4)                              a block; lengths are multiples of 4
///
///     0A0D0D0A  section    byte order(4)  major(2) minor(2)  section length(8)  options
///     1         interface  link type(2) 0(2)  snapshot length(4)  options
///     2         packet     interface(2) drops(2)  time(8)  captured(4)  original(4)  frame …  (obsolete)
///     3         simple     original(4)  frame …
///     6         enhanced   interface(4)  time(8)  captured(4)  original(4)  frame …  options
///
/// Any other block is passed over. A value: a copy walks on from another place in the same section.
struct PcapngWalk: Sendable {
    private var order: FileOrder
    /// Those of the section at hand, by their numbers.
    private var interfaces: [PcapngInterface] = []
    /// How many interfaces the sections before it describe.
    private var formerInterfaceCount = 0
    /// The longest block that is taken into memory.
    private var longestBlock = PcapngWalk.usualLongestBlock
    /// The length of a block that was skipped, which its last four bytes must repeat.
    private var skippedLength: UInt32?

    /// libpcap's limit.
    private static let usualLongestBlock = 16 << 20
    /// Blocks of no interest that are longer are skipped without taking them into memory.
    private static let longestUninterestingBlock = 65_536

    /// They are kept in memory, and nothing but a made-up file has so many.
    private static let mostInterfaces = 65_536

    /// The length of a section header that has all its fields.
    static let headerLength = 28

    /// Whether `bytes`, of which 12 must be there, begin a section.
    static func begins(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= 12 && bytes.uint32(at: 0) == BlockType.section
            && sectionOrder(bytes, at: 0) != nil
    }

    /// Begins in front of the first section, whose version is looked at.
    ///
    /// - Precondition: ``begins(_:)``, and ``headerLength`` bytes are there.
    init(header bytes: RawSpan) throws(OpeningProblem) {
        order = PcapngWalk.sectionOrder(bytes, at: 0) ?? .little
        let (major, minor) = (bytes.uint16(at: 12, order), bytes.uint16(at: 14, order))
        // Some tools write 1.2 and mean 1.0.
        guard major == 1, minor == 0 || minor == 2 else {
            throw .unsupportedVersion("pcapng", major, minor)
        }
    }

    /// Appends the frames from `position` on to `records`, until these are `limit`.
    mutating func read(
        _ bytes: RawSpan, from position: inout Int, into records: inout [FrameRecord],
        upTo limit: Int
    ) -> WalkStop {
        while records.count < limit {
            let start = position
            let ahead = bytes.byteCount - start
            if let expected = skippedLength {
                guard ahead >= 4 else { return .needs(4) }
                guard bytes.uint32(at: start, order) == expected else { return differing }
                skippedLength = nil
                position += 4
                continue
            }
            guard ahead >= 12 else { return .needs(12) }
            if bytes.uint32(at: start) == BlockType.section {
                guard let sectionOrder = PcapngWalk.sectionOrder(bytes, at: start) else {
                    return .malformed("a section has no byte order mark")
                }
                order = sectionOrder
            }
            let type = bytes.uint32(at: start, order)
            let length = bytes.uint32(at: start + 4, order)
            guard length >= 12, length % 4 == 0 else {
                return .malformed("a block gives \(length) as its length")
            }
            guard ahead >= Int(length) else { return stop(before: type, length) }
            let end = start + Int(length)
            // libpcap reads files whose section header ends in another length; so does this.
            guard type == BlockType.section || bytes.uint32(at: end - 4, order) == length else {
                return differing
            }
            if let problem = readBlock(type, bytes, start + 8..<end - 4, into: &records) {
                return .malformed(problem)
            }
            position = end
        }
        return .full
    }

    private var differing: WalkStop { .malformed("a block's two lengths differ") }

    /// How to get at a block that is not in memory as a whole.
    private func stop(before type: UInt32, _ length: UInt32) -> WalkStop {
        if BlockType.isOfInterest(type) {
            return Int(length) <= longestBlock
                ? .needs(Int(length))
                : .malformed("a block of \(length) bytes is longer than any that is read")
        }
        guard length > PcapngWalk.longestUninterestingBlock else { return .needs(Int(length)) }
        return .skips(Int(length) - 4)
    }

    /// Notes that so many bytes were passed over, as ``WalkStop/skips(_:)`` asked.
    mutating func noteSkipped(_ count: Int) { skippedLength = UInt32(count) + 4 }

    /// Reads the block whose body is at `body`; the result is what is wrong with it.
    private mutating func readBlock(
        _ type: UInt32, _ bytes: RawSpan, _ body: Range<Int>, into records: inout [FrameRecord]
    ) -> String? {
        switch type {
        case BlockType.enhancedPacket: return enhancedPacket(bytes, body, into: &records)
        case BlockType.simplePacket: return simplePacket(bytes, body, into: &records)
        case BlockType.packet: return packet(bytes, body, into: &records)
        case BlockType.interface: return interface(bytes, body)
        case BlockType.section: return section(bytes, body)
        default: return nil
        }
    }

    private mutating func section(_ bytes: RawSpan, _ body: Range<Int>) -> String? {
        guard body.count >= 16 else { return "a section header is too short" }
        formerInterfaceCount += interfaces.count
        interfaces.removeAll(keepingCapacity: true)
        // Whatever the minor version: the first section's was looked at when the file was opened.
        let major = bytes.uint16(at: body.lowerBound + 4, order)
        return major == 1 ? nil : "a section of version \(major) is not supported"
    }

    private mutating func interface(_ bytes: RawSpan, _ body: Range<Int>) -> String? {
        guard interfaces.count < PcapngWalk.mostInterfaces else {
            return "a section describes more than \(PcapngWalk.mostInterfaces) interfaces"
        }
        do throws(PcapngInterface.Problem) {
            let interface = try PcapngInterface(bytes, body, order)
            interfaces.append(interface)
            longestBlock = max(longestBlock, interface.linkType.longestFrame + 131_072)
            return nil
        } catch {
            return error.message
        }
    }

    // MARK: Packets

    private func enhancedPacket(
        _ bytes: RawSpan, _ body: Range<Int>, into records: inout [FrameRecord]
    ) -> String? {
        guard body.count >= 20 else { return "an enhanced packet block is too short" }
        let start = body.lowerBound
        return append(
            bytes, start + 20..<body.upperBound, interface: bytes.uint32(at: start, order),
            ticks: ticks(bytes, at: start + 4), capturedLength: bytes.uint32(at: start + 12, order),
            originalLength: bytes.uint32(at: start + 16, order), to: &records)
    }

    private func packet(
        _ bytes: RawSpan, _ body: Range<Int>, into records: inout [FrameRecord]
    ) -> String? {
        guard body.count >= 20 else { return "a packet block is too short" }
        let start = body.lowerBound
        return append(
            bytes, start + 20..<body.upperBound, interface: UInt32(bytes.uint16(at: start, order)),
            ticks: ticks(bytes, at: start + 4), capturedLength: bytes.uint32(at: start + 12, order),
            originalLength: bytes.uint32(at: start + 16, order), to: &records)
    }

    /// A simple packet is of the first interface, has no time, and is as long as that one allows.
    private func simplePacket(
        _ bytes: RawSpan, _ body: Range<Int>, into records: inout [FrameRecord]
    ) -> String? {
        guard body.count >= 4 else { return "a simple packet block is too short" }
        guard let first = interfaces.first else { return noInterface(0) }
        let originalLength = bytes.uint32(at: body.lowerBound, order)
        return append(
            bytes, body.dropFirst(4), interface: 0, ticks: 0,
            capturedLength: min(originalLength, UInt32(clamping: first.snapshotLength)),
            originalLength: originalLength, to: &records)
    }

    private func append(
        _ bytes: RawSpan, _ room: Range<Int>, interface: UInt32, ticks: UInt64,
        capturedLength: UInt32, originalLength: UInt32, to records: inout [FrameRecord]
    ) -> String? {
        guard Int(interface) < interfaces.count else { return noInterface(interface) }
        guard Int(capturedLength) <= room.count else {
            return "a packet block claims \(capturedLength) captured bytes and has room for "
                + "\(room.count)"
        }
        let number = formerInterfaceCount + Int(interface)
        let interface = interfaces[Int(interface)]
        guard Int(capturedLength) <= interface.linkType.longestFrame else {
            return "a packet block claims \(capturedLength) captured bytes, more than the "
                + "\(interface.linkType.longestFrame) that a frame may have"
        }
        let frame = CapturedFrame(
            time: interface.time(ticks: ticks), timestampDigits: interface.timestampDigits,
            capturedLength: Int(capturedLength), originalLength: Int(originalLength),
            linkType: interface.linkType, interface: number)
        records.append(FrameRecord(frame, at: room.lowerBound))
        return nil
    }

    private func noInterface(_ number: UInt32) -> String {
        "a packet is of interface \(number), which the section does not describe"
    }

    /// A time: two halves, the upper one first in either byte order.
    private func ticks(_ bytes: RawSpan, at offset: Int) -> UInt64 {
        UInt64(bytes.uint32(at: offset, order)) << 32
            | UInt64(bytes.uint32(at: offset + 4, order))
    }

    // MARK: Section headers

    private static func sectionOrder(_ bytes: RawSpan, at start: Int) -> FileOrder? {
        switch bytes.uint32(at: start + 8) {
        case 0x1A2B_3C4D: .big
        case 0x4D3C_2B1A: .little
        default: nil
        }
    }
}

/// The blocks that are read.
private enum BlockType {
    /// The same in both byte orders.
    static let section: UInt32 = 0x0A0D_0D0A
    static let interface: UInt32 = 1
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let enhancedPacket: UInt32 = 6

    static func isOfInterest(_ type: UInt32) -> Bool {
        switch type {
        case section, interface, packet, simplePacket, enhancedPacket: true
        default: false
        }
    }
}
