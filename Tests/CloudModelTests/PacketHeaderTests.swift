import CloudModel
import Testing

@Suite("Packet headers")
struct PacketHeaderTests {
    @Test("have each field back, and flags apart from what packets of a flow have in common")
    func fields() {
        let header = { (flags: UInt8) in
            PacketHeader(
                source: (1, 2), destination: (3, 4), sourcePort: 0xA1A2, destinationPort: 0xB1B2,
                ipProtocol: 0xC1, tcpFlags: flags, traits: 0xE1E2)
        }
        let one = header(0xD1)
        #expect(one.sourcePort == 0xA1A2 && one.destinationPort == 0xB1B2)
        #expect(one.ipProtocol == 0xC1 && one.tcpFlags == 0xD1 && one.traits == 0xE1E2)
        #expect(one.rest == 0xA1A2_B1B2_C1D1_E1E2)
        #expect(one.flowRest == header(0x2E).flowRest && one != header(0x2E))
    }
}
