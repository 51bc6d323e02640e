/// Ranks from 0 on, of which rank *r* has a weight of 1 / (*r* + 1).
struct ZipfDistribution {
    /// The sum of the weights up to each rank, as a share of all.
    private let cumulativeShares: [Double]

    /// The distribution over `count` ranks.
    init(count: Int) {
        var total = 0.0
        var sums: [Double] = []
        sums.reserveCapacity(count)
        for rank in 1...count {
            total += 1 / Double(rank)
            sums.append(total)
        }
        for place in sums.indices { sums[place] /= total }
        cumulativeShares = sums
    }

    /// The rank that holds `fraction`, from 0 up to 1, of the weight.
    func rank(at fraction: Double) -> Int {
        var low = 0
        var high = cumulativeShares.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulativeShares[middle] < fraction { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
