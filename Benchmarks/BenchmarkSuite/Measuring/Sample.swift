/// The figures of one thing measured several times.
struct Sample: Hashable {
    /// In ascending order; never empty.
    private let sorted: [Double]

    /// - Precondition: `values` is not empty.
    init(_ values: [Double]) {
        precondition(!values.isEmpty)
        sorted = values.sorted()
    }

    var count: Int { sorted.count }
    var minimum: Double { sorted[0] }
    var maximum: Double { sorted[sorted.count - 1] }
    var median: Double { quantile(0.5) }

    /// The value below which `fraction` of the values lie, interpolated between neighbours.
    func quantile(_ fraction: Double) -> Double {
        let position = fraction * Double(sorted.count - 1)
        let place = Int(position)
        guard place + 1 < sorted.count else { return maximum }
        let share = position - Double(place)
        return sorted[place] * (1 - share) + sorted[place + 1] * share
    }

    /// Each value turned into another, as a sample.
    func map(_ transform: (Double) -> Double) -> Sample { Sample(sorted.map(transform)) }
}
