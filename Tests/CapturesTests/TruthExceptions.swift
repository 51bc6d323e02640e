/// A field in which the decoder differs from tshark's reading of one frame.
struct Disagreement: Hashable, CustomStringConvertible {
    let capture: String
    let frame: Int
    /// As the truth tables' columns are named; `ip` where only one of the two finds a packet.
    let field: String

    init(_ capture: String, frame: Int, _ field: String) {
        self.capture = capture
        self.frame = frame
        self.field = field
    }

    var description: String { "\(capture) frame \(frame): \(field)" }
}

/// Where the decoder is right, by the bytes, and tshark's table says something else.
enum TruthExceptions {
    static let disagreements: Set<Disagreement> = Set(
        shorterThanItsHeader.map {
            Disagreement("fmt_pcap-us-le-zeek-mpls-6in6-broken.pcap", frame: $0, "ip")
        } + [
            // The header claims 60 bytes of options and all; the frame has 42 left for it. tshark
            // shows the addresses and calls the packet malformed.
            Disagreement("mpls-PcapPlusPlus-ip4_bad_fragment.pcap", frame: 1, "ip"),
            // IPv6 payload length 0 without a jumbo payload option. tshark stops there; segments
            // that the network card was to divide look the same, so the decoder goes on.
            Disagreement(
                "v6ext2-tcpdump-ipv6_missing_jumbo_payload_option.pcap", frame: 1, "proto"),
        ])

    /// Frames with random bytes behind MPLS labels, whose IPv4 total length (21 to 43) is less than
    /// the header's own (28 to 52). tshark shows the addresses and calls the packets malformed.
    private static let shorterThanItsHeader = [
        217, 342, 417, 427, 535, 685, 948, 1088, 1220, 1501, 1660, 1722,
    ]
}
