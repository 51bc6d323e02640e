internal import CloudModel

// The records of the conversation with the peer, whose source draws them: numbers in the machine's
// order, addresses as 16 bytes in network order.

extension [UInt8] {
    mutating func append(record rule: QuintupleRule) {
        append(network: rule.source.network)
        append(network: rule.destination.network)
        append(UInt8(rule.source.prefixLength))
        append(UInt8(rule.destination.prefixLength))
        switch rule.ipProtocol {
        case .all: append(contentsOf: [0, 1])
        case .only(let ipProtocol): append(contentsOf: [ipProtocol.rawValue, 0])
        }
        for ports in [rule.sourcePorts, rule.destinationPorts] {
            append(native: ports.lower)
            append(native: ports.upper)
        }
    }

    mutating func append(record header: Header) {
        append(network: header.source)
        append(network: header.destination)
        append(native: header.sourcePort)
        append(native: header.destinationPort)
        append(contentsOf: [header.ipProtocol, 0, 0, 0])
    }

    /// Appends a number in the machine's order, which both ends have: the least significant byte
    /// first on every machine that Swift runs on.
    mutating func append(native number: some FixedWidthInteger) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    private mutating func append(network address: IPAddress) {
        append(native: address.high.byteSwapped)
        append(native: address.low.byteSwapped)
    }

    func nativeWord(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
    }

    func nativeDoubleWord(at offset: Int) -> UInt64 {
        UInt64(nativeWord(at: offset)) | UInt64(nativeWord(at: offset + 4)) << 32
    }
}
