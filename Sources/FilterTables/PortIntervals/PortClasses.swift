/// A class for every service key and every source port of a fleet: two values of one class are in
/// the same port ranges of every rule there is.
///
/// Flat tables, because a class is asked for on every packet: 128 KiB for each protocol whose ports or
/// types some rule restricts and as much for source ports; of these a packet touches two lines.
struct PortClasses: Sendable {
    /// The class of each key value of the pages that rules cut, page after page.
    private var values: [UInt16] = []
    /// Where a page's values begin in ``values``; `nil` if the page is one class.
    private var pageStarts: [Int?] = []
    private var sources: [UInt16] = []

    /// Classes for the ranges that the rules of a fleet name.
    init(
        serviceRanges: Set<ClosedRange<UInt32>>, sourceRanges: Set<ClosedRange<UInt32>>, pages: Int
    ) {
        for page in 0..<UInt32(pages) {
            let first = page * ServiceKey.valueLimit
            let within = serviceRanges.filter { range in
                range.lowerBound / ServiceKey.valueLimit == page
                    && range.upperBound - first < ServiceKey.unknownValue
            }
            guard !within.isEmpty else {
                pageStarts.append(nil)
                continue
            }
            pageStarts.append(values.count)
            values += PortClasses.table(
                cutBy: within.lazy.map { $0.lowerBound - first...$0.upperBound - first })
        }
        let restricting = sourceRanges.filter { $0 != ServiceKey.anySource }
        if !restricting.isEmpty { sources = PortClasses.table(cutBy: restricting) }
    }

    private static func table(cutBy ranges: some Sequence<ClosedRange<UInt32>>) -> [UInt16] {
        let starts = ElementaryIntervals(cutBy: ranges).starts + [ServiceKey.unknownValue]
        var table: [UInt16] = []
        table.reserveCapacity(65536)
        for index in 0..<starts.count - 1 where starts[index] < ServiceKey.unknownValue {
            table += repeatElement(UInt16(index), count: Int(starts[index + 1] - starts[index]))
        }
        return table
    }

    /// The class of a service key.
    @inline(__always)
    func serviceClass(of key: UInt32) -> UInt32 {
        let page = key / ServiceKey.valueLimit
        let value = key % ServiceKey.valueLimit
        let tag = page << 17
        guard let start = pageStarts[Int(page)] else { return tag }
        if value == ServiceKey.unknownValue { return tag | 1 << 16 }
        return tag | UInt32(values[start + Int(value)])
    }

    /// The class of a source port, or of ``ServiceKey/unknownValue``.
    @inline(__always)
    func sourceClass(of value: UInt32) -> UInt32 {
        if sources.isEmpty { return 0 }
        return value == ServiceKey.unknownValue ? value : UInt32(sources[Int(value)])
    }

    /// The bytes that the tables take.
    var byteCount: Int { 2 * (values.count + sources.count) + 16 * pageStarts.count }
}
