import CloudModel
import Glibc
import TestSupport
import Testing

@Suite("Addresses as text")
struct IPAddressTests {
    @Test(
        "are read in every form of RFC 4291 and written as RFC 5952 asks",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
            ("::1", "::1"), ("1::", "1::"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("0:0:0:0:0:0:0:0", "::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ])
    func canonicalForm(given: String, canonical: String) {
        #expect(IPAddress(given)?.description == canonical)
    }

    @Test(
        "are refused when malformed",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "a.b.c.d", ":",
            ":::",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1%eth0",
            "1:2:3:4:5:6:7:",
            ":1:2:3:4:5:6:7", "::1.2.3", "::1.2.3.4.5", "1:2:3:4:5:6:7:1.2.3.4",
            "1:2:3:4:5:6:7:8::",
            "::g", "1.2.3.4/8", "1..2.3",
        ])
    func malformed(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("are read exactly as inet_pton reads them", arguments: UInt64(1)...20)
    func agreesWithLibc(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("0123456789abF:::...")
        for _ in 0..<2000 {
            let text =
                random.oneIn(2)
                ? String(
                    (0..<Int.random(in: 0...18, using: &random)).map { _ in random.pick(alphabet) })
                : nearlyAnAddress(&random)
            try #require(IPAddress(text)?.bytes == libcBytes(text), "`\(text)`")
        }
    }

    /// Groups joined by colons, where now and then one is missing, long, or a dotted tail.
    private func nearlyAnAddress(_ random: inout SeededGenerator) -> String {
        var groups = (0..<Int.random(in: 1...9, using: &random)).map { _ in
            random.oneIn(4)
                ? "" : String(UInt32.random(in: 0...0x1_00FF, using: &random), radix: 16)
        }
        if random.oneIn(4) { groups[groups.count - 1] = "192.0.2.\(random.pick([1, 255, 256]))" }
        return groups.joined(separator: ":")
    }

    /// What the C library makes of `text`: 4 bytes, 16, or nothing.
    private func libcBytes(_ text: String) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let read = { (family: Int32) in unsafe inet_pton(family, text, &buffer) == 1 }
        if read(AF_INET) { return Array(buffer.prefix(4)) }
        return read(AF_INET6) ? buffer : nil
    }
}

extension IPAddress {
    /// The address in network order.
    fileprivate var bytes: [UInt8] {
        let all = (0..<16).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - 8 * (index % 8)))
        }
        return Array(all.prefix(family.addressBitCount / 8))
    }
}

@Suite("Blocks")
struct CIDRBlockTests {
    @Test("keep host bits as given, and match and compare without them")
    func hostBits() throws {
        let block = try #require(CIDRBlock("10.159.6.18/12"))
        #expect(block.description == "10.159.6.18/12")
        #expect(block.hasHostBits)
        #expect(block.network == IPAddress("10.144.0.0"))
        #expect(block == CIDRBlock("10.144.0.0/12"))
        #expect(block.contains(IPAddress("10.159.255.255")!))
        #expect(!block.contains(IPAddress("10.160.0.0")!))
        #expect(!block.contains(IPAddress("::ffff:10.144.0.1")!))
    }

    @Test("of one address need no length")
    func hosts() {
        #expect(CIDRBlock("10.0.0.1") == CIDRBlock("10.0.0.1/32"))
        #expect(CIDRBlock("::1")?.prefixLength == 128)
        #expect(CIDRBlock("10.0.0.1/32")?.description == "10.0.0.1")
    }

    @Test(
        "are refused when malformed",
        arguments: [
            "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "/8", "::/129", "10/8",
        ])
    func malformed(text: String) {
        #expect(CIDRBlock(text) == nil)
    }

    @Test("hold the whole space at length 0, and mask at every length")
    func everyLength() throws {
        let ones = IPAddress(ipv6High: .max, low: .max)
        for length in 0...128 {
            let block = CIDRBlock(ones, prefixLength: length)
            #expect(block.contains(ones))
            let bits = block.network.high.nonzeroBitCount + block.network.low.nonzeroBitCount
            #expect(bits == length)
        }
        #expect(try #require(CIDRBlock("0.0.0.0/0")).contains(IPAddress(ipv4: .max)))
    }
}
