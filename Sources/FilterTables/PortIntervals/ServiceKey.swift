internal import CloudModel

/// What rules test about protocol and destination, in one number: a page for the protocol and a value
/// for the destination port, or for ICMP type and code.
///
///     24      18 17 16                 0
///     ┌─────────┬──┬───────────────────┐
///     │ page    │ ?│ port, or          │     ?: the value is not known, as in a fragment
///     │         │  │ type << 8 | code  │        without its transport header
///     └─────────┴──┴───────────────────┘
///
/// A rule that restricts nothing in a protocol covers the whole page, the unknown value too; a rule
/// with a port range covers just those values. So one kind of interval serves TCP, UDP, ICMP and
/// protocols without ports, and "matched without port tests" needs no code of its own.
struct ServiceKey {
    static let unknownValue: UInt32 = 0x1_0000
    static let valueLimit: UInt32 = 0x2_0000
    /// Values of source ports are 0…65535 or ``unknownValue``.
    static let anySource: ClosedRange<UInt32> = 0...unknownValue
}

/// Which page each protocol has: one for each protocol that a rule names, and page 0 for the rest.
struct ProtocolPages: Sendable {
    private(set) var pageOfProtocol = [UInt8](repeating: 0, count: 256)
    private(set) var count = 1

    /// Gives `ipProtocol` a page of its own.
    mutating func add(_ ipProtocol: IPProtocol) {
        let place = Int(ipProtocol.rawValue)
        // Page 0 is left for protocols without a page, so at most 255 others can be told apart; the
        // 256th named protocol would be alone on page 0, which tells it apart just as well.
        guard pageOfProtocol[place] == 0, count < 256 else { return }
        pageOfProtocol[place] = UInt8(count)
        count += 1
    }

    /// Every key there is: what a rule for all protocols covers.
    var allKeys: ClosedRange<UInt32> { 0...UInt32(count) * ServiceKey.valueLimit - 1 }

    /// Every key of the protocol, the unknown value too.
    func keys(of ipProtocol: IPProtocol) -> ClosedRange<UInt32> {
        let first = UInt32(pageOfProtocol[Int(ipProtocol.rawValue)]) * ServiceKey.valueLimit
        return first...first + ServiceKey.valueLimit - 1
    }

    /// The protocol's keys with known values in `values`.
    func keys(of ipProtocol: IPProtocol, values: ClosedRange<UInt16>) -> ClosedRange<UInt32> {
        let first = keys(of: ipProtocol).lowerBound
        return first + UInt32(values.lowerBound)...first + UInt32(values.upperBound)
    }

    /// The keys with known values in `values`, page by page: a port test whatever the protocol.
    func keysOfAllPages(values: ClosedRange<UInt16>) -> [ClosedRange<UInt32>] {
        (0..<UInt32(count)).map { page in
            let first = page * ServiceKey.valueLimit
            return first + UInt32(values.lowerBound)...first + UInt32(values.upperBound)
        }
    }

    /// The key of a packet; `value` is ``ServiceKey/unknownValue`` or what ``ServiceKey`` says.
    @inline(__always)
    func key(ipProtocol: UInt8, value: UInt32) -> UInt32 {
        UInt32(pageOfProtocol[Int(ipProtocol)]) * ServiceKey.valueLimit + value
    }
}
