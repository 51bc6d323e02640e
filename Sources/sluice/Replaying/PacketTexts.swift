import CloudFiles
import CloudModel

/// Pieces of lines about packets, made once.
struct PacketTexts {
    /// By number: `tcp`, or the digits of one without a name.
    let protocols: [[UInt8]]
    /// The same as JSON.
    let jsonProtocols: [[UInt8]]
    /// By their bits.
    let flags: [[UInt8]]
    // IPv6 addresses take long to write, and most packets have those of one shortly before.
    private var addresses = Array(repeating: IPAddress(ipv4: 0), count: PacketTexts.addressCount)
    private var addressTexts = Array(repeating: [UInt8](), count: PacketTexts.addressCount)

    private static let addressCount = 1024

    init() {
        let numbers = (0...255).map { IPProtocol(rawValue: $0) }
        protocols = numbers.map { Array($0.description.utf8) }
        jsonProtocols = numbers.map(JSONWriter.text)
        flags = (0...255).map { Array(TCPFlags(rawValue: $0).description.utf8) }
    }

    /// Appends an address to `lines`.
    mutating func append(_ address: IPAddress, to lines: inout LineStorage) {
        guard address.family == .ipv6 else { return lines.append(ipv4: address.ipv4Value) }
        let mixed = (address.high ^ address.low &* 3) &* 0x9E37_79B9_7F4A_7C15
        let place = Int(truncatingIfNeeded: mixed >> 54)
        if addresses[place] != address {
            addresses[place] = address
            addressTexts[place] = Array(address.description.utf8)
        }
        lines.append(addressTexts[place])
    }
}
