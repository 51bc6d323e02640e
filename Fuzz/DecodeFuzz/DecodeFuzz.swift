import Captures
import CloudModel

/// Decodes one input and checks what must hold for any bytes; stops the program where it does not.
///
/// libFuzzer calls it in a build with `--sanitize fuzzer`. The input is
///
///     entry(1)  cut(1)  frame …
///
/// `entry` chooses how the frame begins (``Entry``), `cut` how many bytes of it a snapshot length
/// takes away.
@_cdecl("LLVMFuzzerTestOneInput")
public func decodeOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count >= 2, let start = unsafe start else { return 0 }
    // SAFETY: the caller's buffer holds `count` bytes, of which the first two are read here, and it
    // outlives the call.
    let input = unsafe UnsafeRawBufferPointer(start: start, count: count)
    let entry = Entry(number: unsafe Int(input[0]))
    let cut = unsafe Int(input[1])
    let frame = unsafe UnsafeRawBufferPointer(rebasing: input[2...])
    check(unsafe frame.bytes, entry, cut: cut)
    return 0
}

/// Where decoding begins.
private enum Entry {
    case link(LinkType)
    case ip(offset: Int)
    case ethernet(offset: Int)

    /// The supported link types in order, one that is not, and the two entries at an inner packet.
    init(number: Int) {
        switch number & 0x0F {
        case let index where index < LinkType.supported.count:
            self = .link(LinkType.supported[index])
        case 14: self = .ip(offset: number >> 4)
        case 15: self = .ethernet(offset: number >> 4)
        default: self = .link(LinkType(rawValue: 147))
        }
    }

    func decode(_ frame: RawSpan, originalLength: Int) -> DecodedFrame {
        switch self {
        case .link(let linkType):
            FrameDecoder(linkType: linkType).decode(frame, originalLength: originalLength)
        case .ip(let offset):
            FrameDecoder.decode(frame, asIPAt: offset, originalLength: originalLength)
        case .ethernet(let offset):
            FrameDecoder.decode(frame, asEthernetAt: offset, originalLength: originalLength)
        }
    }
}

private func check(_ frame: RawSpan, _ entry: Entry, cut: Int) {
    let whole = entry.decode(frame, originalLength: frame.byteCount)
    checkOffsets(whole, byteCount: frame.byteCount)
    precondition(whole.reason != .truncated, "nothing was cut")

    let start = frame.extracting(first: max(0, frame.byteCount - cut))
    let part = entry.decode(start, originalLength: frame.byteCount)
    checkOffsets(part, byteCount: start.byteCount)
    if case .link(.ethernet) = entry {
        // Of which the common ones are read in a straight line.
        let walked = FrameDecoder.decode(start, asEthernetAt: 0, originalLength: frame.byteCount)
        precondition(part == walked, "the straight line says something else")
    }
    precondition(agree(part, whole), "a cut frame says something else")
}

/// Offsets are in order and inside of the frame.
private func checkOffsets(_ decoded: DecodedFrame, byteCount: Int) {
    precondition(decoded.packetEnd <= byteCount)
    if let transport = decoded.transportOffset {
        precondition(decoded.networkOffset.map { $0 + 20 <= transport } ?? false)
        precondition(transport <= decoded.packetEnd)
    }
    if let packet = decoded.packet {
        precondition(decoded.networkOffset != nil)
        precondition(packet.source.family == packet.destination.family)
        precondition((packet.fragment == nil) == (decoded.fragmentProtocol == nil))
    }
}

/// Whether `part`, the beginning of a frame, says as much of `whole` as it can: a capture that cuts
/// frames may lose packets, but it never turns one into another.
private func agree(_ part: DecodedFrame, _ whole: DecodedFrame) -> Bool {
    switch (part.outcome, whole.outcome) {
    case (.none(let cause), _) where cause.reason == .truncated: true
    case (.none(let partCause), .none(let wholeCause)):
        // A header that is too short in the whole frame may look short by another measure in part.
        partCause.reason == wholeCause.reason
    case (.packet(let part), .packet(let whole)):
        agree(part, whole)
    // The contradiction may lie in what was cut off.
    case (.packet, .none(let cause)): cause.reason == .malformed
    case (.none, .packet): false
    }
}

private func agree(_ part: Packet, _ whole: Packet) -> Bool {
    var whole = whole
    switch (part.transport, whole.transport) {
    case (.ports(_, _, nil), .ports(let source, let destination, _)):
        whole.transport = .ports(source: source, destination: destination, tcpFlags: nil)
    case (.none, .ports) where part.ipProtocol != .tcp && part.ipProtocol != .udp:
        whole.transport = .none
    default: break
    }
    // What an ICMP message carries behind type and code may be cut off without losing the packet.
    if part.icmpIdentifier == nil { whole.icmpIdentifier = nil }
    whole.quoted = part.quoted.map { part in
        // What contradicts a quote may lie in what was cut off.
        whole.quoted.map { quotedAsFar(as: part, from: $0) } ?? part
    }
    return part == whole
}

/// What remains of the quote `whole` where it ends as early as `part` does.
private func quotedAsFar(as part: QuotedPacket, from whole: QuotedPacket) -> QuotedPacket {
    var whole = whole
    switch (part.transport, whole.transport) {
    case (.none, _): whole.transport = .none
    case (.ports(_, _, nil), .ports(let source, let destination, _)):
        whole.transport = .ports(source: source, destination: destination, tcpFlags: nil)
    default: break
    }
    if part.icmpIdentifier == nil { whole.icmpIdentifier = nil }
    return whole
}
