import CloudModel
import Testing

@testable import CloudFiles

@Suite("Plain rules")
struct PlainRuleTests {
    @Test("are read with tabs and spaces, and columns behind the fifth passed over")
    func read() throws {
        let text =
            "@165.16.15.34/32\t120.158.153.0/24\t0 : 65535\t1221 : 1221\t0x06/0xFF\t\r\n\n"
            + "@0.0.0.0/0 10.1.2.3/8 5:6 7 :8 0x11/0x00 0x0000/0x0200 extra\n"
        let rules = try readRules(Array(text.utf8), file: "f")
        #expect(
            rules == [
                QuintupleRule(
                    source: CIDRBlock("165.16.15.34")!, destination: CIDRBlock("120.158.153.0/24")!,
                    sourcePorts: .all, destinationPorts: PortRange(1221, 1221),
                    ipProtocol: .only(.tcp)),
                QuintupleRule(
                    source: CIDRBlock("0.0.0.0/0")!, destination: CIDRBlock("10.0.0.0/8")!,
                    sourcePorts: PortRange(5, 6), destinationPorts: PortRange(7, 8),
                    ipProtocol: .all),
            ])
    }

    @Test(
        "with mistakes are refused by line",
        arguments: [
            ("1.2.3.4/32", "a rule must begin with `@`"),
            ("@1.2.3/32", "`1.2.3/32` is not a source"),
            ("@::/0", "`::/0` is not a source"),
            ("@1.2.3.4/32", "the destination is missing"),
            ("@1.2.3.4 1.2.3.4/33", "`1.2.3.4/33` is not a destination"),
            ("@1.2.3.4 1.2.3.4 x : 1", "`x` is not a source port"),
            ("@1.2.3.4 1.2.3.4 1 - 1", "`-` is not a source port"),
            ("@1.2.3.4 1.2.3.4 2 : 1", "the source port range `2 : 1` begins behind its end"),
            ("@1.2.3.4 1.2.3.4 0 : 1 0 : 65536", "`65536` is not a destination port"),
            ("@1.2.3.4 1.2.3.4 0 : 1x", "`1x` is not a source port"),
            ("@1.2.3.4 1.2.3.4 0 :", "the source port is missing"),
            ("@1.2.3.4 1.2.3.4 0 : 1 0 : 1", "the protocol is missing"),
            ("@1.2.3.4 1.2.3.4 0 : 1 0 : 1 6/0xFF", "`6/0xFF` is not a protocol"),
            (
                "@1.2.3.4 1.2.3.4 0 : 1 0 : 1 0x06/0xFE",
                "the protocol mask of `0x06/0xFE` is neither 0xFF nor 0x00"
            ),
        ])
    func refused(line: String, message: String) {
        let text = "\n@1.2.3.4 1.2.3.4 0 : 1 0 : 1 0x06/0xFF\n" + line
        do throws(PlainFileError) {
            _ = try readRules(Array(text.utf8), file: "f")
            Issue.record("no error")
        } catch {
            #expect(error.description == "f:3: " + message)
        }
    }
}

@Suite("Header traces")
struct HeaderTraceTests {
    private let header = Quintuple(
        source: 0xC633_6401, destination: 0xCB00_7107, sourcePort: 0x1234, destinationPort: 443,
        ipProtocol: 6)
    private let record: [UInt8] = [
        0x01, 0x64, 0x33, 0xC6, 0x07, 0x71, 0x00, 0xCB, 0x34, 0x12, 0xBB, 0x01, 6, 0, 0, 0,
    ]

    @Test("are read as records")
    func records() throws {
        #expect(try readHeaders(record + record, file: "f") == [header, header])
        #expect(try readHeaders([], file: "f") == [])
    }

    @Test("are read as text")
    func text() throws {
        let line = "3325256705\t3405803783 4660 443 6"
        #expect(
            try readHeaders(Array("\(line)\r\n\n\(line) 17 0x0".utf8), file: "f") == [
                header, header,
            ])
    }

    @Test("with mistakes are refused by record or line")
    func refused() {
        #expect(throws: PlainFileError.badRecord(file: "f", record: 2, .cutOff(byteCount: 3))) {
            try readHeaders(record + record[..<3], file: "f")
        }
        #expect(throws: PlainFileError.badRecord(file: "f", record: 1, .paddingNotZero)) {
            try readHeaders(record[..<15] + [1], file: "f")
        }
        for (line, message) in [
            ("4294967296 1 1 1 1", "`4294967296` is not a source"),
            ("1 1 1 65536 1", "`65536` is not a destination port"),
            ("1 1 1 1 256", "`256` is not a protocol"), ("1 1 1 1", "the protocol is missing"),
            ("1 1.1.1.1 1 1 1", "`1.1.1.1` is not a destination"),
        ] {
            do throws(PlainFileError) {
                _ = try readHeaders(Array("1 2 3 4 5\n\(line)\n".utf8), file: "f")
                Issue.record("no error for `\(line)`")
            } catch {
                #expect(error.description == "f:2: " + message)
            }
        }
    }
}
