/// The bytes of a pcapng file (draft-ietf-opsawg-pcapng, little-endian), which holds frames of any
/// link type, resolution and time, with comments.
///
///     section │ interface 0 │ packet │ packet │ interface 1 │ packet │ …
///
/// An interface is described when its first frame comes: one for each capture, link type, resolution and
/// era of 2³³ seconds, so that every time is exact. A section with very many interfaces is followed by
/// another one.
package struct PcapngEncoder: Sendable {
    // Numbered in the order of their descriptions in the section at hand.
    private var interfaces: [Interface: UInt32] = [:]
    /// That of the last frame: nearly always that of the next one.
    private var last: (interface: Interface, number: UInt32)?
    private var hasSection = false

    /// What the frames of one interface have in common.
    private struct Interface: Hashable {
        let linkType: LinkType
        let timestampDigits: Int
        /// The time's seconds without their lowest 33 bits: 0 from 1970 to 2242.
        let era: Int64
        /// Where the frames come from.
        let source: String?

        var offset: Int64 { era << 33 }

        /// The time since ``offset``, in the interface's units.
        func ticks(_ time: FrameTime) -> UInt64 {
            // Less than 2³³ seconds: their nanoseconds fit into 63 bits.
            let seconds = UInt64(time.seconds & (1 << 33 - 1))
            return timestampDigits == 9
                ? seconds * 1_000_000_000 + UInt64(time.nanoseconds)
                : seconds * 1_000_000 + UInt64(time.nanoseconds / 1000)
        }
    }

    // Readers keep the descriptions in memory, and ours reads no more than 65,536 of them.
    private static let mostInterfaces = 32_768
    private static let longestOption = 65_535

    /// A file of which nothing was written.
    package init() {}

    /// A file without frames. It describes an Ethernet interface: libpcap asks for one.
    package static let emptyFile: [UInt8] = {
        var (encoder, bytes) = (PcapngEncoder(), [UInt8]())
        encoder.appendSection(to: &bytes)
        describe(
            Interface(linkType: .ethernet, timestampDigits: 6, era: 0, source: nil), to: &bytes)
        return bytes
    }()

    /// Appends the beginning of a section that describes no interface yet.
    package mutating func appendSection(to output: inout [UInt8]) {
        hasSection = true
        interfaces.removeAll(keepingCapacity: true)
        last = nil
        let block = output.beginBlock(0x0A0D_0D0A)
        output.append(little: 0x1A2B_3C4D as UInt32)
        output.append(little: 1 as UInt16)
        output.append(little: 0 as UInt16)
        // The section's length is not known.
        output.append(little: UInt64.max)
        output.appendOption(4, "sluice".utf8)
        output.endOptions()
        output.endBlock(block)
    }

    /// Appends a frame with a comment, if there is one, and before it whatever must describe it.
    ///
    /// `source` names where it comes from, as the name of its interface. A comment longer than 65,535
    /// bytes is cut.
    package mutating func append(
        _ frame: CapturedFrame, _ bytes: ArraySlice<UInt8>, from source: String? = nil,
        comment: [UInt8] = [], to output: inout [UInt8]
    ) {
        let interface = Interface(
            linkType: frame.linkType, timestampDigits: frame.timestampDigits,
            era: frame.time.seconds >> 33, source: source)
        let number = self.number(of: interface, to: &output)
        let ticks = interface.ticks(frame.time)
        let block = output.beginBlock(6)
        output.append(little: number)
        output.append(little: UInt32(truncatingIfNeeded: ticks >> 32))
        output.append(little: UInt32(truncatingIfNeeded: ticks))
        output.append(little: UInt32(bytes.count))
        output.append(little: UInt32(clamping: frame.originalLength))
        output.append(contentsOf: bytes)
        output.pad(after: bytes.count)
        if !comment.isEmpty {
            output.appendOption(1, comment.prefix(PcapngEncoder.longestOption).wholeCharacters)
            output.endOptions()
        }
        output.endBlock(block)
    }

    /// The interface's number; it is described first, if it has none.
    private mutating func number(of interface: Interface, to output: inout [UInt8]) -> UInt32 {
        if let last, last.interface == interface { return last.number }
        let known = interfaces[interface]
        if known == nil, !hasSection || interfaces.count == PcapngEncoder.mostInterfaces {
            appendSection(to: &output)
        }
        let number = known ?? UInt32(interfaces.count)
        if known == nil {
            interfaces[interface] = number
            PcapngEncoder.describe(interface, to: &output)
        }
        last = (interface, number)
        return number
    }

    private static func describe(_ interface: Interface, to output: inout [UInt8]) {
        let block = output.beginBlock(1)
        // pcapng has 16 bits. A larger type, from a damaged pcap file, stays one that nobody knows.
        output.append(little: UInt16(clamping: interface.linkType.rawValue))
        output.append(little: 0 as UInt16)
        output.append(little: UInt32(interface.linkType.longestFrame))
        if let source = interface.source {
            output.appendOption(
                2, Array(source.utf8).prefix(PcapngEncoder.longestOption).wholeCharacters)
        }
        if interface.timestampDigits == 9 { output.appendOption(9, [9]) }
        if interface.era != 0 {
            var offset: [UInt8] = []
            offset.append(little: interface.offset)
            output.appendOption(14, offset)
        }
        output.endOptions()
        output.endBlock(block)
    }
}

extension [UInt8] {
    /// Begins a block; the result is for ``endBlock(_:)``.
    fileprivate mutating func beginBlock(_ type: UInt32) -> Int {
        append(little: type)
        append(little: 0 as UInt32)
        return count - 8
    }

    /// Ends the block that begins at `start`: its length is known now.
    fileprivate mutating func endBlock(_ start: Int) {
        let length = UInt32(count + 4 - start)
        for place in 0..<4 {
            self[start + 4 + place] = UInt8(truncatingIfNeeded: length >> UInt32(8 * place))
        }
        append(little: length)
    }

    fileprivate mutating func appendOption(_ code: UInt16, _ value: some Collection<UInt8>) {
        append(little: code)
        append(little: UInt16(value.count))
        append(contentsOf: value)
        pad(after: value.count)
    }

    fileprivate mutating func endOptions() { append(little: 0 as UInt32) }

    /// Appends zeros up to the next multiple of four behind `length` bytes.
    fileprivate mutating func pad(after length: Int) {
        for _ in 0..<(4 - length % 4) % 4 { append(0) }
    }
}

extension ArraySlice<UInt8> {
    /// The bytes of UTF-8 text without the beginning of a character that was cut.
    fileprivate var wholeCharacters: ArraySlice<UInt8> {
        guard count == 65_535 else { return self }
        var end = endIndex
        while end > startIndex, self[end - 1] & 0xC0 == 0x80 { end -= 1 }
        // `end` is behind a character's first byte, or behind an ASCII one.
        return end > startIndex && self[end - 1] >= 0xC0 ? self[..<(end - 1)] : self[..<end]
    }
}
