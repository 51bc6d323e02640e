extension IPAddress: LosslessStringConvertible {
    /// Reads dotted-decimal IPv4 or any RFC 4291 form of IPv6; `nil` if `text` is neither.
    ///
    /// As `inet_pton` does, octets with leading zeros are refused (they are octal to some programs),
    /// and so is a zone (`%eth0`).
    package init?(_ text: String) {
        self.init(utf8: text.utf8.span)
    }

    /// Reads the textual form from UTF-8 bytes; `nil` if they are not an address.
    package init?(utf8 bytes: Span<UInt8>) {
        if let value = IPAddress.ipv4Value(in: bytes, from: 0) {
            self.init(ipv4: value)
        } else if let words = IPAddress.ipv6Words(in: bytes) {
            self.init(ipv6High: words.high, low: words.low)
        } else {
            return nil
        }
    }

    /// Dotted decimal, or IPv6 in the canonical form of RFC 5952.
    package var description: String { family == .ipv4 ? ipv4Description : ipv6Description }

    // MARK: Reading

    private static func ipv4Value(in bytes: Span<UInt8>, from start: Int) -> UInt32? {
        var value: UInt32 = 0
        var index = start
        for octetIndex in 0..<4 {
            if octetIndex > 0 {
                guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return nil }
                index += 1
            }
            let first = index
            var octet: UInt32 = 0
            while index < bytes.count, index - first < 3, let digit = bytes[index].decimalDigit {
                octet = octet * 10 + UInt32(digit)
                index += 1
            }
            let hasLeadingZero = index - first > 1 && bytes[first] == UInt8(ascii: "0")
            guard index > first, octet <= 255, !hasLeadingZero else { return nil }
            value = value << 8 | octet
        }
        return index == bytes.count ? value : nil
    }

    /// The 128 bits of a textual IPv6 address: groups before `::`, a gap of zeros, groups after it.
    private static func ipv6Words(in bytes: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
        var groups = UInt128(0)
        var groupCount = 0
        var gapAfter: Int?
        var index = 0
        if bytes.count >= 2, bytes[0] == colon {
            guard bytes[1] == colon else { return nil }
            gapAfter = 0
            index = 2
        }
        while index < bytes.count {
            guard groupCount < 8 else { return nil }
            let first = index
            var group: UInt128 = 0
            while index < bytes.count, index - first < 4, let digit = bytes[index].hexadecimalDigit
            {
                group = group << 4 | UInt128(digit)
                index += 1
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                guard groupCount <= 6, let ipv4 = ipv4Value(in: bytes, from: first) else {
                    return nil
                }
                groups = groups << 32 | UInt128(ipv4)
                groupCount += 2
                index = bytes.count
                break
            }
            guard index > first else { return nil }
            groups = groups << 16 | group
            groupCount += 1
            if index == bytes.count { break }
            guard bytes[index] == colon else { return nil }
            index += 1
            if index < bytes.count, bytes[index] == colon {
                guard gapAfter == nil else { return nil }
                gapAfter = groupCount
                index += 1
            } else if index == bytes.count {
                return nil
            }
        }
        return expand(groups, groupCount: groupCount, gapAfter: gapAfter)
    }

    private static func expand(
        _ groups: UInt128, groupCount: Int, gapAfter: Int?
    ) -> (high: UInt64, low: UInt64)? {
        guard let gapAfter else {
            return groupCount == 8
                ? (UInt64(truncatingIfNeeded: groups >> 64), UInt64(truncatingIfNeeded: groups))
                : nil
        }
        guard groupCount < 8 else { return nil }
        let tailBits = 16 * (groupCount - gapAfter)
        let tail = tailBits == 0 ? 0 : groups & (UInt128.max >> UInt128(128 - tailBits))
        let head = gapAfter == 0 ? 0 : (groups >> UInt128(tailBits)) << UInt128(128 - 16 * gapAfter)
        let value = head | tail
        return (UInt64(truncatingIfNeeded: value >> 64), UInt64(truncatingIfNeeded: value))
    }

    // MARK: Writing

    private var ipv4Description: String {
        let value = ipv4Value
        return "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }

    /// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the
    /// first of equals) as `::`, and IPv4-mapped addresses in dotted form.
    private var ipv6Description: String {
        if high == 0, low >> 32 == 0xFFFF {
            return "::ffff:" + IPAddress(ipv4: UInt32(truncatingIfNeeded: low)).ipv4Description
        }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)))
        }
        let gap = IPAddress.longestZeroRun(in: groups)
        var text = ""
        for (index, group) in groups.enumerated() {
            if gap.contains(index) {
                if index == gap.lowerBound { text += "::" }
                continue
            }
            if index > 0, index != gap.upperBound { text += ":" }
            text += String(group, radix: 16)
        }
        return text
    }

    /// The longest run of at least two zero groups, or an empty range past the end.
    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int> {
        var longest = 8..<8
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest
    }
}

private let colon = UInt8(ascii: ":")

extension UInt8 {
    /// The value of this ASCII decimal digit.
    package var decimalDigit: UInt8? {
        let digit = self &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// The value of this ASCII hexadecimal digit, in either case.
    package var hexadecimalDigit: UInt8? {
        if let decimalDigit { return decimalDigit }
        let letter = (self | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }
}
