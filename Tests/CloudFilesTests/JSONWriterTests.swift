import CloudModel
import Testing

@testable import CloudFiles

@Suite("JSON output")
struct JSONWriterTests {
    @Test("puts commas and brackets")
    func structure() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.write("a", 1)
        writer.beginArray("b")
        writer.write("x")
        writer.write(UInt64.max)
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.write("c", true)
        writer.write("d", literal: "1.500000")
        writer.write("e", Int64.min)
        writer.endObject()
        writer.endLine()
        writer.beginArray()
        writer.endArray()
        #expect(
            text(writer)
                == #"{"a":1,"b":["x",18446744073709551615,{}],"c":true,"d":1.500000,"#
                + #""e":-9223372036854775808}"# + "\n[]")
    }

    @Test("escapes so that the reader gets the string back")
    func escapes() throws {
        let string = "\"\\/\u{0}\u{1F}\n\r\t\u{7F}é😀"
        var writer = JSONWriter()
        writer.beginArray()
        writer.write(string)
        writer.endArray()
        #expect(text(writer) == #"["\"\\/\u0000\u001f\n\r\t\u007fé😀"]"#)
        var reader = JSONReader(writer.bytes)
        _ = try reader.nextKind()
        try reader.enterArray()
        _ = try reader.nextElement()
        _ = try reader.nextKind()
        #expect(reader.string(try reader.readText()) == string)
    }

    @Test("has packets as the formats define them", arguments: packets)
    func packet(packet: Packet, expected: String) {
        var writer = JSONWriter()
        writer.write(packet)
        #expect(text(writer) == expected)
    }

    @Test("says where a packet was seen")
    func seenPacket() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.write("packet", Self.packets[0].0, at: "eni-a", seen: .ingress)
        writer.endObject()
        #expect(
            text(writer).hasPrefix(
                #"{"packet":{"networkInterface":"eni-a","direction":"ingress","protocol":"tcp","#))
    }

    @Test("has decisions as the formats define them")
    func decisions() {
        var writer = JSONWriter()
        writer.write(
            Decision(
                .accept, .rule, rule: "sgr-1", securityGroup: "sg-a", networkInterface: "eni-a",
                direction: .ingress))
        writer.endLine()
        writer.write(Decision(.none, .notIP))
        #expect(
            text(writer) == """
                {"decision":"accept","reason":"rule","rule":"sgr-1","securityGroup":"sg-a",\
                "networkInterface":"eni-a","direction":"ingress"}
                {"decision":"none","reason":"not-ip"}
                """)
    }

    private static let packets: [(Packet, String)] = [
        (
            Packet(
                source: IPAddress("203.0.113.5")!, destination: IPAddress("10.0.1.10")!,
                ipProtocol: .tcp,
                transport: .ports(source: 40000, destination: 443, tcpFlags: TCPFlags("S."))),
            #"{"protocol":"tcp","source":"203.0.113.5","sourcePort":40000,"#
                + #""destination":"10.0.1.10","destinationPort":443,"tcpFlags":"S."}"#
        ),
        (
            Packet(
                source: IPAddress("2001:db8::1")!, destination: IPAddress("::")!,
                ipProtocol: .icmpv6, transport: .icmp(type: 128, code: 0)),
            #"{"protocol":"icmpv6","source":"2001:db8::1","destination":"::","#
                + #""icmpType":128,"icmpCode":0}"#
        ),
        (
            Packet(
                source: IPAddress("10.0.0.9")!, destination: IPAddress("10.0.0.1")!,
                ipProtocol: .icmp, transport: .icmp(type: 3, code: 1),
                quoted: QuotedPacket(
                    source: IPAddress("10.0.0.1")!, destination: IPAddress("10.0.0.2")!,
                    ipProtocol: .icmp, transport: .icmp(type: 8, code: 0), icmpIdentifier: 7)),
            #"{"protocol":"icmp","source":"10.0.0.9","destination":"10.0.0.1","icmpType":3,"#
                + #""icmpCode":1,"quoted":{"protocol":"icmp","source":"10.0.0.1","#
                + #""destination":"10.0.0.2","icmpType":8,"icmpCode":0,"icmpId":7}}"#
        ),
        (
            Packet(
                source: IPAddress("0.0.0.0")!, destination: IPAddress("255.255.255.255")!,
                ipProtocol: IPProtocol(rawValue: 50),
                fragment: Fragment(identification: 7, offset: 1480, hasMore: true)),
            #"{"protocol":50,"source":"0.0.0.0","destination":"255.255.255.255","#
                + #""fragment":{"id":7,"offset":1480,"more":true}}"#
        ),
    ]

    private func text(_ writer: JSONWriter) -> String {
        String(decoding: writer.bytes, as: UTF8.self)
    }
}
