/// What a pcapng file says about an interface: how its frames begin, and what its times mean.
struct PcapngInterface: Sendable {
    let linkType: LinkType
    /// The most bytes of a frame that were kept.
    let snapshotLength: Int
    /// How many digits a time has behind the point: 6 or 9.
    let timestampDigits: Int
    private let ticksPerSecond: UInt64
    /// Seconds to be added to every time.
    private let offset: Int64

    /// What is wrong with an interface's description.
    struct Problem: Error {
        let message: String
    }

    /// Reads the interface description whose body is at `body`.
    ///
    /// - Throws: ``Problem``.
    init(_ bytes: RawSpan, _ body: Range<Int>, _ order: FileOrder) throws(Problem) {
        guard body.count >= 8 else { throw Problem(message: "an interface block is too short") }
        let start = body.lowerBound
        linkType = LinkType(fileNumber: UInt32(bytes.uint16(at: start, order)))
        snapshotLength = linkType.snapshotLength(claimed: bytes.uint32(at: start + 4, order))
        var resolution: UInt8 = 6
        var offset: Int64 = 0
        var options = body.dropFirst(8)
        while options.count >= 4 {
            let code = bytes.uint16(at: options.lowerBound, order)
            let length = Int(bytes.uint16(at: options.lowerBound + 2, order))
            let padded = (length + 3) / 4 * 4
            guard code != 0 else { break }
            guard options.count >= 4 + padded else {
                throw Problem(message: "an option of an interface is longer than its block")
            }
            let value = options.lowerBound + 4
            switch (code, length) {
            case (9, 1): resolution = bytes.uint8(at: value)
            case (14, 8): offset = Int64(bitPattern: bytes.uint64(at: value, order))
            case (9, _), (14, _):
                throw Problem(message: "option \(code) of an interface has \(length) bytes")
            default: break
            }
            options = options.dropFirst(4 + padded)
        }
        self.offset = offset
        ticksPerSecond = try PcapngInterface.ticksPerSecond(resolution)
        timestampDigits = resolution <= 6 ? 6 : 9
    }

    /// The top bit makes it a power of two; else it is one of ten.
    private static func ticksPerSecond(_ resolution: UInt8) throws(Problem) -> UInt64 {
        let exponent = Int(resolution & 0x7F)
        let isBinary = resolution & 0x80 != 0
        guard exponent <= (isBinary ? 63 : 19) else {
            throw Problem(message: "an interface's times are finer than 64 bits can count")
        }
        if isBinary { return 1 << UInt64(exponent) }
        var power: UInt64 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }

    /// The time of a packet block.
    func time(ticks: UInt64) -> FrameTime {
        // Dividing by a constant is a multiplication.
        switch ticksPerSecond {
        case 1_000_000:
            let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: 1_000_000)
            return time(seconds: seconds, nanoseconds: rest * 1000)
        case 1_000_000_000:
            let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: 1_000_000_000)
            return time(seconds: seconds, nanoseconds: rest)
        default:
            let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
            // The quotient fits: the remainder is less than the divisor.
            let scaled = rest.multipliedFullWidth(by: 1_000_000_000)
            return time(
                seconds: seconds, nanoseconds: ticksPerSecond.dividingFullWidth(scaled).quotient)
        }
    }

    private func time(seconds: UInt64, nanoseconds: UInt64) -> FrameTime {
        // Wraps only for an offset of hundreds of billions of years, which a damaged file may claim.
        FrameTime(seconds: Int64(bitPattern: seconds) &+ offset, nanoseconds: nanoseconds)
    }
}
