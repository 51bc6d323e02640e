internal import CloudModel

/// What rule lists of one kind are made of: how often which services and prefix lengths come, and
/// among how many networks.
struct RuleSetShape: Sendable {
    /// ClassBench's name of the kind.
    let name: String
    /// Which protocol and ports, with their weights.
    let services: Weighted<Service>
    /// The lengths of source and destination of rules that are open to all ports.
    let openLengths: Weighted<PrefixLengths>
    /// Those of all others.
    let portedLengths: Weighted<PrefixLengths>
    /// For 100, 1,000, 10,000 and 100,000 rules: how many different /8, /16, /24 and /32 the
    /// source prefixes that are so long lie in.
    let sourceNetworks: [[Int]]
    /// The same of the destination prefixes.
    let destinationNetworks: [[Int]]
    /// For the same sizes: how many pairs of prefixes there are to a rule.
    let pairsPerRule: [Double]

    /// All kinds that the suite makes.
    static let all = [accessControl, firewall, ipChain]
    /// How many rules the sets have.
    static let sizes = [100, 1_000, 10_000, 100_000]

    /// - Parameters:
    ///   - services: weight, protocol, source ports and destination ports of each, `*` for any.
    ///   - lengthsOfOpenServices: weight, source's and destination's length of each pair.
    init(
        name: String, services: String, lengthsOfOpenServices: String,
        lengthsOfPortedServices: String, sourceNetworks: [[Int]], destinationNetworks: [[Int]],
        pairsPerRule: [Double]
    ) {
        self.name = name
        self.services = Weighted(table: services) { Service(fields: $0) }
        openLengths = Weighted(table: lengthsOfOpenServices) { PrefixLengths(fields: $0) }
        portedLengths = Weighted(table: lengthsOfPortedServices) { PrefixLengths(fields: $0) }
        self.sourceNetworks = sourceNetworks
        self.destinationNetworks = destinationNetworks
        self.pairsPerRule = pairsPerRule
    }
}

/// The protocol and ports of a rule.
struct Service: Hashable, Sendable {
    let ipProtocol: ProtocolMatch
    let sourcePorts: PortRange
    let destinationPorts: PortRange

    /// Whether every port passes.
    var isOpen: Bool { sourcePorts == .all && destinationPorts == .all }

    fileprivate init?(fields: [Substring]) {
        guard fields.count == 3,
            let ipProtocol = fields[0] == "*" ? .all : ProtocolMatch(String(fields[0])),
            let sourcePorts = Service.ports(fields[1]),
            let destinationPorts = Service.ports(fields[2])
        else { return nil }
        self.ipProtocol = ipProtocol
        self.sourcePorts = sourcePorts
        self.destinationPorts = destinationPorts
    }

    private static func ports(_ field: Substring) -> PortRange? {
        if field == "*" { return .all }
        let ends = field.split(separator: "-").compactMap { UInt16($0) }
        guard let lower = ends.first, let upper = ends.last else { return nil }
        return PortRange(lower, upper)
    }
}

/// The prefix lengths of a rule's two addresses.
struct PrefixLengths: Hashable, Sendable {
    let source: Int
    let destination: Int

    fileprivate init?(fields: [Substring]) {
        guard fields.count == 2, let source = Int(fields[0]), let destination = Int(fields[1])
        else {
            return nil
        }
        self.source = source
        self.destination = destination
    }
}

/// Values of which each is drawn in proportion to its weight.
struct Weighted<Value: Sendable>: Sendable {
    private let values: [Value]
    /// The sum of the weights up to each value.
    private let sums: [Int]

    /// Reads `weight field field …` for each value, separated by commas.
    ///
    /// - Precondition: every value can be read.
    init(table: String, _ read: ([Substring]) -> Value?) {
        var values: [Value] = []
        var sums: [Int] = []
        for line in table.split(separator: ",") {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let weight = Int(fields[0]), let value = read(Array(fields.dropFirst())) else {
                preconditionFailure("the table has no value in `\(line)`")
            }
            values.append(value)
            sums.append((sums.last ?? 0) + weight)
        }
        self.values = values
        self.sums = sums
    }

    /// A random value.
    func draw(using random: inout SplitMix) -> Value {
        let target = random.below(sums[sums.count - 1])
        var place = 0
        while sums[place] <= target { place += 1 }
        return values[place]
    }
}
