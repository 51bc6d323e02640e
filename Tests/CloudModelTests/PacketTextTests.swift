import CloudModel
import Testing

@Suite("Packet text")
struct PacketTextTests {
    @Test(
        "reads and writes the same form",
        arguments: [
            "tcp 203.0.113.5:40000 > 10.0.1.10:443",
            "tcp 203.0.113.5:40000 > 10.0.1.10:443 flags S.",
            "tcp 203.0.113.5:40000 > 10.0.1.10:443 flags none",
            "udp [2001:db8::1]:53 > [2001:db8::2]:5353",
            "132 10.0.0.1:9 > 10.0.0.2:9",
            "tcp 10.0.0.1 > 10.0.0.2",
            "icmp 10.0.0.1 > 10.0.0.2 type 8 code 0",
            "icmp 10.0.0.1 > 10.0.0.2",
            "icmp 10.0.0.1 > 10.0.0.2 type 0 code 0 id 65535",
            "icmpv6 2001:db8::1 > 2001:db8::2 type 128 code 0",
            "gre 10.0.0.1 > 10.0.0.2",
            "99 10.0.0.1 > 10.0.0.2",
            "udp 10.0.0.1 > 10.0.0.2 fragment id 7 offset 1480",
            "udp 10.0.0.1:1 > 10.0.0.2:2 fragment id 4294967295 offset 0 more",
        ])
    func roundTrip(text: String) throws {
        #expect(try Packet(text).description == text)
    }

    @Test("reads numbers for names, upper case, brackets without a port and spare blanks")
    func variants() throws {
        #expect(try Packet("6 1.2.3.4:1 > 1.2.3.5:2") == Packet("TCP  1.2.3.4:1 >\t1.2.3.5:2 "))
        #expect(try Packet("gre [::1] > [::2]") == Packet("47 ::1 > ::2"))
    }

    @Test(
        "says what is wrong",
        arguments: [
            ("", PacketTextError.incomplete(expected: "a protocol")),
            ("tcp", .incomplete(expected: "the source")),
            ("tcp 1.2.3.4:1", .incomplete(expected: "`>`")),
            ("tcp 1.2.3.4:1 >", .incomplete(expected: "the destination")),
            ("tpc 1.2.3.4:1 > 1.2.3.5:2", .unknownProtocol("tpc")),
            ("256 1.2.3.4 > 1.2.3.5", .unknownProtocol("256")),
            ("tcp 1.2.3.4:1 to 1.2.3.5:2", .missingArrow(found: "to")),
            ("tcp 1.2.3:1 > 1.2.3.5:2", .badEndpoint("1.2.3:1")),
            ("tcp host > 1.2.3.5:2", .badEndpoint("host")),
            ("tcp [1.2.3.4]:1 > 1.2.3.5:2", .badEndpoint("[1.2.3.4]:1")),
            ("tcp [::1]443 > [::2]:2", .badEndpoint("[::1]443")),
            ("tcp ] > [::2]:2", .badEndpoint("]")),
            ("tcp 1.2.3.4:65536 > 1.2.3.5:2", .badNumber("65536", field: "port", maximum: 65535)),
            ("tcp 1.2.3.4:+1 > 1.2.3.5:2", .badNumber("+1", field: "port", maximum: 65535)),
            ("tcp 1.2.3.4: > 1.2.3.5:2", .badNumber("", field: "port", maximum: 65535)),
            ("tcp 1.2.3.4:1 > [::1]:2", .mixedFamilies),
            ("tcp 1.2.3.4 > 1.2.3.5:2", .onePortOnly),
            ("icmp 1.2.3.4:1 > 1.2.3.5:2", .portsNotAllowed(.icmp)),
            ("gre 1.2.3.4:1 > 1.2.3.5:2", .portsNotAllowed(.gre)),
            ("icmp 1.2.3.4 > 1.2.3.5 type 8", .incomplete(expected: "`code`")),
            (
                "icmp 1.2.3.4 > 1.2.3.5 type 8 code 256",
                .badNumber("256", field: "code", maximum: 255)
            ),
            ("icmp 1.2.3.4 > 1.2.3.5 type 8 kode 0", .unexpected("kode")),
            ("icmp 1.2.3.4 > 1.2.3.5 id 1", .unexpected("id")),
            (
                "icmp 1.2.3.4 > 1.2.3.5 type 8 code 0 id 65536",
                .badNumber("65536", field: "id", maximum: 65535)
            ),
            ("tcp 1.2.3.4 > 1.2.3.5 type 8 code 0", .unexpected("type")),
            ("tcp 1.2.3.4:1 > 1.2.3.5:2 flags X", .badFlags("X")),
            ("udp 1.2.3.4:1 > 1.2.3.5:2 flags S", .unexpected("flags")),
            ("udp 1.2.3.4 > 1.2.3.5 fragment id 1", .incomplete(expected: "`offset`")),
            ("udp 1.2.3.4 > 1.2.3.5 1.2.3.6", .unexpected("1.2.3.6")),
        ])
    func mistakes(text: String, error: PacketTextError) {
        #expect(throws: error) { try Packet(text) }
    }

    @Test("an interface binding reads an id and a direction")
    func bindings() {
        #expect(InterfaceBinding("eni-a") == InterfaceBinding("eni-a", nil))
        #expect(InterfaceBinding("eni-a:egress") == InterfaceBinding("eni-a", .egress))
        #expect(InterfaceBinding("eni-a:ingress").description == "eni-a:ingress")
        #expect(InterfaceBinding("eni:a").networkInterface == "eni:a")
    }
}
