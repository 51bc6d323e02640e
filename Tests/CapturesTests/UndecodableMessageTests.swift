import Captures
import Testing

@Suite("Messages")
struct UndecodableMessageTests {
    @Test("are one line for each cause")
    func messages() {
        let causes: [Undecodable] = [
            .unsupportedLinkType(LinkType(rawValue: 147)),
            .notIP(layer: .ethernet, number: 0x806), .notIP(layer: .mpls, number: nil),
            .truncated(layer: .tcp, needed: 4, found: 2, offset: 34),
            .tooShort(layer: .ipv4, needed: 20, found: 3, offset: 14),
            .wrongVersion(layer: .ipv6, found: 5, offset: 14),
            .wrongLength(layer: .ipv4, found: 16, offset: 14),
        ]
        #expect(
            causes.map(\.description) == [
                "link type 147 is not supported",
                "the ethernet header carries 0x806, which is not IP",
                "the mpls header carries something that is not IP",
                "the capture ends in the tcp header at byte 34: 4 bytes are needed, 2 are there",
                "the packet ends in the ipv4 header at byte 14: 20 bytes are needed, 3 are there",
                "the ipv6 header at byte 14 has version 5",
                "the ipv4 header at byte 14 gives a length of 16 bytes",
            ])
    }
}
