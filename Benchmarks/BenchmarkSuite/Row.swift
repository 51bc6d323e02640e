/// One line of the results: something measured, and what it was measured beside.
package struct Row: Sendable {
    /// The axes, from the widest to the narrowest: `decide/acl1_1000/zipf/no-memo`.
    package var name: String
    package var unit: Unit
    package var median: Double
    /// The quartiles around the median, over all rounds.
    package var spread: ClosedRange<Double>
    /// The number of measurements behind the median.
    package var count: Int
    /// What it is beside, in the same rounds.
    package var comparison: Comparison?
    package var tail: Tail?
    package var agreement: Agreement?
    /// What a reader has to know, such as a peer that is not there.
    package var note: String?

    /// A row of measurements.
    init(
        _ name: String, _ unit: Unit, _ sample: Sample, beside comparison: Comparison? = nil,
        tail: Tail? = nil, agreement: Agreement? = nil, note: String? = nil
    ) {
        self.name = name
        self.unit = unit
        median = sample.median
        spread = sample.quantile(0.25)...sample.quantile(0.75)
        count = sample.count
        self.comparison = comparison
        self.tail = tail
        self.agreement = agreement
        self.note = note
    }

    /// A row of one count or measurement.
    init(_ name: String, _ unit: Unit, _ value: Double, note: String? = nil) {
        self.init(name, unit, Sample([value]), note: note)
    }
}

extension Row {
    /// What a row's figures count.
    package enum Unit: String, Sendable {
        /// Million decisions a second of one core.
        case millionsPerSecond = "M/s"
        case milliseconds = "ms"
        case microseconds = "µs"
        case nanoseconds = "ns"
        case megabytes = "MB"
        case bytes = "B"
        case perDecision = "/decision"
        case ratio = "×"
    }

    /// A peer's figure for the same work.
    package struct Comparison: Sendable {
        package var peer: String
        package var median: Double
        /// How many times better sluice is.
        package var ratio: Double

        /// A peer's rate in each round. The ratio is the median of the rounds' own ratios.
        static func rate(_ peer: String, own: [Double], peer rates: [Double]) -> Comparison {
            Comparison(
                peer: peer, median: Sample(rates).median,
                ratio: Sample(zip(own, rates).map { $0 / $1 }).median)
        }

        /// A peer's cost, of which less is better.
        static func cost(_ peer: String, own: Double, peer cost: Double) -> Comparison {
            Comparison(peer: peer, median: cost, ratio: cost / own)
        }
    }

    /// How bad the worst are, where that matters: one in a hundred, and the one.
    package struct Tail: Sendable {
        package var percentile99: Double
        package var maximum: Double

        init(_ sample: Sample) {
            percentile99 = sample.quantile(0.99)
            maximum = sample.maximum
        }
    }

    /// How many answers were compared with those of all peers, and how many differ.
    package struct Agreement: Hashable, Sendable {
        package var checked = 0
        package var wrong = 0

        /// Nothing compared yet.
        init() {}

        /// As many answers compared as there are wanted ones.
        init(_ wanted: [Int32], _ found: [Int32]) {
            checked = wanted.count
            wrong = zip(wanted, found).count { $0 != $1 }
        }

        /// Takes in what others were compared.
        mutating func add(_ other: Agreement) {
            checked += other.checked
            wrong += other.wrong
        }
    }
}
