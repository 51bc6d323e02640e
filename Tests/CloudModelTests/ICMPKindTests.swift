import CloudModel
import Testing

@Suite("Kinds of ICMP messages")
struct ICMPKindTests {
    @Test("a request's reply asks for that request, in both versions")
    func pairs() {
        for ipProtocol in [IPProtocol.icmp, .icmpv6] {
            for type in UInt8.min...UInt8.max {
                guard case .request(let reply)? = ipProtocol.icmpKind(ofType: type) else {
                    continue
                }
                #expect(ipProtocol.icmpKind(ofType: reply) == .reply(requestType: type))
            }
        }
    }

    @Test(
        "errors, notices, requests and replies",
        arguments: [
            (IPProtocol.icmp, UInt8(3), ICMPKind.error), (.icmp, 11, .error), (.icmp, 9, .notice),
            (.icmp, 8, .request(replyType: 0)), (.icmp, 0, .reply(requestType: 8)),
            (.icmp, 14, .reply(requestType: 13)), (.icmpv6, 2, .error), (.icmpv6, 135, .notice),
            (.icmpv6, 129, .reply(requestType: 128)),
        ])
    func kinds(ipProtocol: IPProtocol, type: UInt8, kind: ICMPKind) throws {
        let found = try #require(ipProtocol.icmpKind(ofType: type))
        #expect(found == kind)
    }

    @Test("other protocols have no such messages")
    func otherProtocols() {
        #expect(IPProtocol.tcp.icmpKind(ofType: 8) == nil)
    }
}
