/// The intervals into which the ends of ranges cut a line of numbers: inside one, every number lies
/// in the same ranges (Lakshman & Stiliadis, SIGCOMM 1998).
///
///     ranges     [22…22]        [80…443]
///     intervals  0…21 │ 22 │ 23…79 │ 80…443 │ 444…
struct ElementaryIntervals {
    /// Where each interval begins, ascending, the first at 0.
    let starts: [UInt32]

    /// The intervals cut by `ranges`.
    ///
    /// - Complexity: O(*n* log *n*) in the number of ranges.
    init(cutBy ranges: some Sequence<ClosedRange<UInt32>>) {
        var cuts: [UInt32] = [0]
        for range in ranges {
            cuts.append(range.lowerBound)
            cuts.append(range.upperBound + 1)
        }
        cuts.sort()
        var distinct: [UInt32] = []
        for cut in cuts where distinct.last != cut { distinct.append(cut) }
        starts = distinct
    }

    /// The number of the interval that begins at `start`, which is a cut.
    func index(ofCut start: UInt32) -> Int { lastIndex(in: starts.span, notAfter: start) }

    /// The numbers of the intervals that make up `range`, whose ends are cuts.
    func indices(of range: ClosedRange<UInt32>) -> Range<Int> {
        index(ofCut: range.lowerBound)..<index(ofCut: range.upperBound + 1)
    }
}

/// The place of the last element of `starts` that is not above `number`.
///
/// - Precondition: `starts` ascends and its first element is not above `number`.
/// - Complexity: O(log *n*), without a branch that depends on the data.
@inline(__always)
func lastIndex(in starts: Span<UInt32>, notAfter number: UInt32) -> Int {
    var first = 0
    var count = starts.count
    while count > 1 {
        let half = count / 2
        first = starts[first + half] <= number ? first + half : first
        count -= half
    }
    return first
}
