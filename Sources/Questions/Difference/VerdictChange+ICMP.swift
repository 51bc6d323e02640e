/// ICMP types and codes: every type of the one range with every code of the other.
package struct ICMPRange: Hashable, Sendable {
    package let types: Interval
    package let codes: Interval
}

extension VerdictChange {
    /// The ICMP types and codes of the box, in ascending order; empty if it holds no ICMP.
    package var icmpRanges: [ICMPRange] {
        guard hasICMP else { return [] }
        // Types with the same codes that follow one another are one range.
        var runs: [(types: Interval, codes: [Interval])] = []
        for type in UInt128(0)...255 {
            let all = IntervalSet(type << 8, type << 8 | 255)
            let codes = icmp.intersection(all).intervals
                .map { Interval($0.lower & 255, $0.upper & 255) }
            guard !codes.isEmpty else { continue }
            if let last = runs.last, last.codes == codes, last.types.upper + 1 == type {
                runs[runs.count - 1].types = Interval(last.types.lower, type)
            } else {
                runs.append((Interval(type, type), codes))
            }
        }
        return runs.flatMap { run in run.codes.map { ICMPRange(types: run.types, codes: $0) } }
    }
}
