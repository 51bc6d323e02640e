import Captures
import Testing

@Suite("pcapng files")
struct PcapngTests {
    private let frame = FrameBytes.ethernet(0x0800, FrameBytes.ipv4(17, FrameBytes.udp()))

    @Test("interfaces differ in link type, resolution and offset", arguments: [false, true])
    func interfaces(isBigEndian: Bool) throws {
        var file = PcapngBytes(isBigEndian: isBigEndian)
        file.appendSection()
        file.appendInterface()
        file.appendInterface(linkType: 101, snapshotLength: 0, resolution: 9, offset: 3600)
        file.appendInterface(linkType: 113, snapshotLength: 96, resolution: 0x80 | 32, offset: -10)
        file.appendInterface(resolution: 3)
        file.appendInterface(resolution: 12)
        file.appendEnhanced(frame, ticks: 1_700_000_000_250_000)
        file.appendEnhanced([0x45], interface: 1, ticks: 1_700_000_000_123_456_789)
        file.appendEnhanced(
            [1, 2, 3], interface: 2, ticks: 1000 << 32 | 3 << 30, originalLength: 9)
        file.appendEnhanced(frame, interface: 3, ticks: 1_700_000_000_999)
        file.appendEnhanced(frame, interface: 4, ticks: 5_123_456_789_012)
        let reading = try Reading(bytes: file.bytes)
        #expect(reading.isComplete)
        #expect(
            reading.times == [
                "1700000000.250000", "1700003600.123456789", "990.750000000", "1700000000.999000",
                "5.123456789",
            ])
        #expect(
            reading.frames.map(\.frame.linkType)
                == [.ethernet, .raw, .linuxCooked, .ethernet, .ethernet])
        #expect(reading.frames.map(\.frame.interface) == [0, 1, 2, 3, 4])
        #expect(reading.frames.map(\.bytes) == [frame, [0x45], [1, 2, 3], frame, frame])
        #expect(
            reading.frames.map(\.frame.originalLength)
                == [frame.count, 1, 9, frame.count, frame.count])
    }

    @Test("a section begins anew, in its own byte order")
    func sections() throws {
        var (little, big) = (PcapngBytes(), PcapngBytes(isBigEndian: true))
        little.appendSection()
        little.appendInterface(linkType: 101)
        little.appendEnhanced([1], ticks: 1)
        big.appendSection()
        big.appendInterface()
        big.appendEnhanced([2, 3], ticks: 2)
        let reading = try Reading(bytes: little.bytes + big.bytes + little.bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.bytes) == [[1], [2, 3], [1]])
        #expect(reading.frames.map(\.frame.linkType) == [.raw, .ethernet, .raw])
        #expect(reading.frames.map(\.frame.interface) == [0, 1, 2])
        #expect(reading.times == ["0.000001", "0.000002", "0.000001"])
    }

    @Test("simple and obsolete packets are read, other blocks passed over")
    func blocks() throws {
        var file = PcapngBytes()
        file.appendSection()
        file.appendBlock(0x0BAD, [0, 0, 0, 1, 9, 9])
        file.appendInterface(snapshotLength: 20)
        file.appendBlock(5, [UInt8](repeating: 1, count: 40))
        file.appendSimple(Array(frame.prefix(20)), originalLength: frame.count)
        file.appendSimple([7, 7], originalLength: 2)
        file.appendObsolete([8, 8, 8], ticks: 3_000_004)
        // Longer than what is taken into memory.
        file.appendBlock(0x4000_0BAD, [UInt8](repeating: 0xFF, count: 700_000))
        file.appendObsolete([9])
        let reading = try Reading(bytes: file.bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.bytes) == [Array(frame.prefix(20)), [7, 7], [8, 8, 8], [9]])
        #expect(reading.frames.map(\.frame.originalLength) == [frame.count, 2, 3, 1])
        #expect(reading.times == ["0.000000", "0.000000", "3.000004", "0.000000"])
    }

    @Test("what contradicts the format ends the file, and what came before stands")
    func contradictions() throws {
        let cases: [(String, (inout PcapngBytes) -> Void)] = [
            ("a block's two lengths differ", { $0.appendBlock(5, [1, 2, 3, 4], claimed: 20) }),
            (
                "a block's two lengths differ",
                { $0.appendBlock(5, [UInt8](repeating: 0, count: 100_000), claimed: 12) }
            ),
            (
                "a packet is of interface 1, which the section does not describe",
                { $0.appendEnhanced([1], interface: 1) }
            ),
            (
                "a packet is of interface 0, which the section does not describe",
                {
                    $0.appendSection()
                    $0.appendSimple([1], originalLength: 1)
                }
            ),
            (
                "a packet block claims 9 captured bytes and has room for 4",
                { $0.appendBlock(3, $0.number(9, 4) + [1, 2, 3, 4]) }
            ),
            ("an enhanced packet block is too short", { $0.appendBlock(6, [1, 2, 3, 4]) }),
            ("a section of version 2 is not supported", { $0.appendSection(major: 2) }),
            (
                "an interface's times are finer than 64 bits can count",
                { $0.appendInterface(resolution: 20) }
            ),
            ("option 9 of an interface has 2 bytes", { $0.appendOption(9, [6, 6]) }),
        ]
        for (problem, append) in cases {
            var file = PcapngBytes()
            file.appendSection()
            file.appendInterface()
            file.appendEnhanced(frame)
            let offset = file.bytes.count
            append(&file)
            file.appendEnhanced(frame)
            let reading = try Reading(bytes: file.bytes)
            #expect(reading.frames.count == 1, "\(problem)")
            guard case .end(complete: false, error: let error?) = reading.status else {
                Issue.record("\(problem): \(reading.status)")
                continue
            }
            #expect(error.hasSuffix(": \(problem)") && error.hasPrefix("at byte "))
            // The place is that of the block, or of its last length.
            #expect((Int(error.split(separator: " ")[2].dropLast()) ?? 0) >= offset)
        }
    }

    @Test("packets of no byte and of 256 KiB are read; one byte more is too much")
    func lengths() throws {
        var file = PcapngBytes()
        file.appendSection()
        file.appendInterface(snapshotLength: 262_144)
        for count in [0, 262_144, 0, 262_144, 3] {
            file.appendEnhanced([UInt8](repeating: 7, count: count))
        }
        file.appendObsolete([])
        let reading = try Reading(bytes: file.bytes)
        #expect(reading.isComplete)
        #expect(reading.frames.map(\.bytes.count) == [0, 262_144, 0, 262_144, 3, 0])
        file.appendEnhanced([UInt8](repeating: 7, count: 262_145))
        file.appendEnhanced([1])
        let tooLong = try Reading(bytes: file.bytes)
        #expect(tooLong.frames.count == 6)
        #expect(!tooLong.isComplete)
    }

    @Test("times of 2³² and 2⁶⁴ ticks are exact, whatever a tick is")
    func longTimes() throws {
        // Seconds, microseconds, nanoseconds, 2⁻³² s, 2⁻⁶³ s.
        for resolution in [0, 6, 9, 0x80 | 32, 0x80 | 63] as [UInt8] {
            var file = PcapngBytes()
            file.appendSection()
            file.appendInterface(resolution: resolution)
            let ticks: [UInt64] = [1 << 32 - 1, 1 << 32, 1 << 32 + 1, 1 << 63 - 1]
            for tick in ticks { file.appendEnhanced(frame, ticks: tick) }
            let times = try Reading(bytes: file.bytes).frames.map(\.frame.time)
            #expect(times == ticks.map { exactTime(ticks: $0, resolution) })
        }
    }

    /// The time by division in 128 bits.
    private func exactTime(ticks: UInt64, _ resolution: UInt8) -> FrameTime {
        var unit: UInt128 = 1
        for _ in 0..<resolution & 0x7F { unit *= resolution & 0x80 == 0 ? 10 : 2 }
        let (seconds, rest) = UInt128(ticks).quotientAndRemainder(dividingBy: unit)
        return FrameTime(
            seconds: Int64(seconds), nanoseconds: UInt64(rest * 1_000_000_000 / unit))
    }

    @Test("a section has at most 65,536 interfaces")
    func interfaceLimit() throws {
        var file = PcapngBytes()
        file.appendInterface()
        let interface = file.bytes
        var section = PcapngBytes()
        section.appendSection()
        let full = section.bytes + [[UInt8]](repeating: interface, count: 65_536).joined()
        #expect(try Reading(bytes: full + full).isComplete)
        #expect(
            try Reading(bytes: full + interface).status
                == .end(
                    complete: false,
                    error: "at byte \(full.count): a section describes more than 65536 interfaces"))
    }

    @Test("a version that is not supported is no capture")
    func version() throws {
        for (major, minor) in [(1, 1), (2, 0), (0, 2)] as [(UInt16, UInt16)] {
            var file = PcapngBytes()
            file.appendSection(major: major, minor: minor)
            let bytes = file.bytes
            #expect {
                _ = try Reading(bytes: bytes)
            } throws: { error in
                "\(error)".hasSuffix("pcapng version \(major).\(minor) is not supported")
            }
        }
    }
}

extension PcapngBytes {
    /// An interface with one option.
    fileprivate mutating func appendOption(_ code: UInt8, _ value: [UInt8]) {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        appendBlock(
            1,
            [1, 0, 0, 0, 0, 0, 0, 0] + [code, 0, UInt8(value.count), 0] + value + padding)
    }
}
