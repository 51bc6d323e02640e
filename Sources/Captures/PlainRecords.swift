internal import CloudModel

/// The records of a pcap file that hold plain packets of TCP and UDP, read many at a time: Ethernet, numbers in
/// this machine's order, nothing cut off.
///
/// What one says is what ``PcapWalk`` and ``PlainPacket`` say, which read all others. Where those look at each
/// field whether its bytes are there, here one look does for all: the bytes behind a short frame are the next
/// record's, and are not taken for the frame's.
struct PlainRecords: Sendable {
    /// What one unit of the fraction is.
    let nanosecondsPerUnit: UInt64
    let digits: UInt8
    /// The most bytes that a frame may have, not to be malformed or cut.
    let longestFrame: UInt32

    /// Decodes the frames from `position` on, at most `limit` and up to the first record that has to be read in
    /// another way, and appends what they hold.
    func decode(
        _ bytes: RawSpan, from position: inout Int, _ headers: inout [PacketHeader],
        _ facts: inout [FrameFacts], upTo limit: Int
    ) {
        // A copy, for the next record's place not to wait for memory.
        var next = position
        headers.append(addingCapacity: limit) { headers in
            facts.append(addingCapacity: limit) { facts in
                for _ in 0..<limit {
                    guard bytes.byteCount - next >= RecordHead.byteCount else { return }
                    let head = bytes.recordHead(at: next)
                    // Both sums are of a place in memory and less than 4 GiB.
                    let frame = next &+ RecordHead.frameOffset
                    let end = frame &+ Int(head.capturedLength)
                    guard head.capturedLength <= longestFrame, bytes.byteCount >= end
                    else { return }
                    var header = PlainPacket.header(head)
                    if header == nil {
                        header = PlainPacket.otherHeader(in: bytes.extracting(frame..<end))
                    }
                    guard let header else { return }
                    headers.append(header)
                    facts.append(
                        FrameFacts(
                            at: FrameTime(
                                seconds: Int64(head.seconds),
                                // A number of 32 bits, times 1,000 at the most.
                                nanoseconds: UInt64(head.fraction) &* nanosecondsPerUnit),
                            digits: digits, originalLength: head.originalLength,
                            linkHead: head.linkHead, linkTail: head.linkTail))
                    next = end
                }
            }
        }
        position = next
    }
}

/// The first bytes of a record of a pcap file, from the machine that wrote it and reads it, and of its frame.
///
///     byte  0       4        8        12       16                                         88
///          ┌───────┬────────┬────────┬────────┬──────────────────────────────────────────┐
///          │seconds│fraction│captured│original│ frame: Ethernet, IP, ports, TCP's flags  │
///          └───────┴────────┴────────┴────────┴──────────────────────────────────────────┘
struct RecordHead: BitwiseCopyable {
    private let time: UInt64
    private let lengths: UInt64
    /// The frame's bytes, eight to a word, the first in the lowest bits.
    private let word0, word8, word16, word24, word32, word40, word48, word56, word64: UInt64

    static let byteCount = 88
    static let frameOffset = 16

    @inline(__always) var seconds: UInt32 { UInt32(truncatingIfNeeded: time) }
    @inline(__always) var fraction: UInt32 { UInt32(truncatingIfNeeded: time &>> 32) }
    @inline(__always) var capturedLength: UInt32 { UInt32(truncatingIfNeeded: lengths) }
    @inline(__always) var originalLength: UInt32 { UInt32(truncatingIfNeeded: lengths &>> 32) }

    // Each field as a number in network order, or the bytes that are compared as they lie in the file.

    @inline(__always) var linkHead: UInt64 { word0.byteSwapped }
    @inline(__always) var linkTail: UInt32 { UInt32(truncatingIfNeeded: word8).byteSwapped }

    /// Ethernet's type and the first byte of the packet: IPv4 without options.
    @inline(__always) var isIPv4: Bool { word8 &>> 32 & 0xFF_FFFF == 0x45_0008 }
    @inline(__always) var isIPv6: Bool { word8 &>> 32 & 0xF0_FFFF == 0x60_DD86 }

    /// The place in the datagram but for "don't fragment", as the bytes lie.
    @inline(__always) var isFragment: Bool { word16 &>> 32 & 0xFF3F != 0 }
    @inline(__always) var ipv4Length: UInt16 { UInt16(truncatingIfNeeded: word16).byteSwapped }
    @inline(__always) var ipv4Protocol: UInt8 { UInt8(truncatingIfNeeded: word16 &>> 56) }
    @inline(__always) var ipv4Addresses: UInt64 { (word24 &>> 16 | word32 &<< 48).byteSwapped }
    @inline(__always) var ipv4Ports: UInt32 {
        UInt32(truncatingIfNeeded: word32 &>> 16).byteSwapped
    }
    @inline(__always) var ipv4TCPFlags: UInt8 { UInt8(truncatingIfNeeded: word40 &>> 56) }

    @inline(__always) var ipv6PayloadLength: UInt16 {
        UInt16(truncatingIfNeeded: word16 &>> 16).byteSwapped
    }
    @inline(__always) var ipv6Protocol: UInt8 { UInt8(truncatingIfNeeded: word16 &>> 32) }
    @inline(__always) var ipv6Source: (high: UInt64, low: UInt64) {
        (
            (word16 &>> 48 | word24 &<< 16).byteSwapped,
            (word24 &>> 48 | word32 &<< 16).byteSwapped
        )
    }
    @inline(__always) var ipv6Destination: (high: UInt64, low: UInt64) {
        (
            (word32 &>> 48 | word40 &<< 16).byteSwapped,
            (word40 &>> 48 | word48 &<< 16).byteSwapped
        )
    }
    @inline(__always) var ipv6Ports: UInt32 {
        UInt32(truncatingIfNeeded: word48 &>> 48 | word56 &<< 16).byteSwapped
    }
    @inline(__always) var ipv6TCPFlags: UInt8 { UInt8(truncatingIfNeeded: word64 &>> 24) }

    /// Whether words in this machine's order have a file's first byte in their lowest bits.
    static var isReadable: Bool { UInt16(littleEndian: 1) == 1 }
}

extension PlainPacket {
    /// The header of a packet of TCP or UDP without extension headers; `nil` if it is any other kind of frame, or
    /// too short.
    @inline(__always)
    static func header(_ head: RecordHead) -> PacketHeader? {
        if head.isIPv4 {
            guard !head.isFragment else { return nil }
            let addresses = head.ipv4Addresses
            return header(
                (addresses & 0xFFFF_FFFF_0000_0000, 0), (addresses &<< 32, 0), head.ipv4Ports,
                head.ipv4Protocol, head.ipv4TCPFlags, traits: 0,
                transportLength: min(14 + Int(head.ipv4Length), Int(head.capturedLength)) - 34)
        }
        guard head.isIPv6, head.ipv6PayloadLength > 0 else { return nil }
        return header(
            head.ipv6Source, head.ipv6Destination, head.ipv6Ports, head.ipv6Protocol,
            head.ipv6TCPFlags, traits: PacketHeader.Trait.ipv6,
            transportLength: min(
                Int(head.ipv6PayloadLength), Int(head.capturedLength) - 54))
    }

    @inline(__always)
    private static func header(
        _ source: (UInt64, UInt64), _ destination: (UInt64, UInt64), _ ports: UInt32,
        _ ipProtocol: UInt8, _ tcpFlags: UInt8, traits: UInt16, transportLength: Int
    ) -> PacketHeader? {
        let isTCP = ipProtocol == ProtocolNumber.tcp
        guard isTCP || ipProtocol == ProtocolNumber.udp, transportLength >= (isTCP ? 14 : 4)
        else { return nil }
        let known = PacketHeader.Trait.packet | portTraits
        return PacketHeader(
            source: source, destination: destination,
            sourcePort: UInt16(truncatingIfNeeded: ports &>> 16),
            destinationPort: UInt16(truncatingIfNeeded: ports), ipProtocol: ipProtocol,
            tcpFlags: isTCP ? tcpFlags : 0,
            traits: traits | known | (isTCP ? PacketHeader.Trait.tcpFlags : 0))
    }

    /// The header of any plain packet, for the few that take longer.
    @inline(never)
    static func otherHeader(in frame: RawSpan) -> PacketHeader? {
        var transportOffset = 0
        return header(in: frame, transportAt: &transportOffset) ?? taggedHeader(in: frame)
    }
}
