import CloudModel
import Testing

@Suite("The words of files")
struct WordTests {
    @Test(
        "protocols are names in any case or numbers",
        arguments: [
            ("TCP", "tcp"), ("udp", "udp"), ("ICMPv6", "icmpv6"), ("6", "tcp"), ("ALL", "all"),
            ("-1", "all"), ("132", "132"), ("0", "0"), ("GRE", "gre"),
        ])
    func protocols(text: String, canonical: String) {
        #expect(ProtocolMatch(text)?.description == canonical)
    }

    @Test("other words are no protocols", arguments: ["", "256", "-2", "06", "tcpx", "+6"])
    func notProtocols(text: String) {
        #expect(ProtocolMatch(text) == nil)
    }

    @Test(
        "TCP flags are tcpdump's letters",
        arguments: [("S", 2), ("S.", 18), ("FP.", 25), ("none", 0)])
    func flags(text: String, bits: UInt8) {
        #expect(TCPFlags(text)?.rawValue == bits)
        #expect(TCPFlags(rawValue: bits).description == text)
    }

    @Test("Ethernet addresses have six octets")
    func macs() {
        #expect(MACAddress("00:16:3E:00:00:01")?.description == "00:16:3e:00:00:01")
        #expect(MACAddress("00-16-3e-00-00-01")?.value == 0x16_3E00_0001)
        for text in ["", "00:16:3e:00:00", "00:16:3e:00:00:0g", "00:16:3e:00:00:011"] {
            #expect(MACAddress(text) == nil)
        }
    }

    @Test("rules are tried by priority, then drop before accept, then by the bytes of their ids")
    func decisionOrder() {
        let rule = { (id: RuleID, priority: UInt8, policy: Policy) in
            SecurityGroupRule(
                id: id, direction: .ingress, peer: .cidr(CIDRBlock("0.0.0.0/0")!), policy: policy,
                priority: priority)
        }
        let inOrder = [
            rule("z", 1, .drop), rule("B", 1, .accept), rule("a", 1, .accept), rule("a", 2, .drop),
        ]
        for (place, earlier) in inOrder.enumerated() {
            for later in inOrder[(place + 1)...] {
                #expect(earlier.isTriedBefore(later))
                #expect(!later.isTriedBefore(earlier))
            }
        }
    }
}
