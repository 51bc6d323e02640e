internal import CloudModel

/// Where rule lists come from: files for IPv4 where there is a folder of them, else the suite's own
/// seeds; IPv6 lists always from seeds.
struct RuleSetSource {
    private let folder: RuleSetFolder?
    private let seed: UInt64
    private let made: [(name: String, shape: RuleSetShape, size: Int, family: AddressFamily)]
    /// The names of the lists, small ones first.
    let names: [String]

    init(_ options: SuiteOptions) throws(BenchmarkError) {
        folder = options.rulesFolder.map(RuleSetFolder.init)
        seed = options.seed
        let fileNames = try folder?.names() ?? []
        var made: [(name: String, shape: RuleSetShape, size: Int, family: AddressFamily)] = []
        for size in RuleSetShape.sizes {
            for shape in RuleSetShape.all {
                if folder == nil { made.append(("\(shape.name)_\(size)", shape, size, .ipv4)) }
                if size == 1_000 { made.append(("\(shape.name)6_\(size)", shape, size, .ipv6)) }
            }
        }
        self.made = made
        names = fileNames + made.map(\.name)
    }

    /// The names of the IPv4 lists, which are plain ones.
    var plainNames: [String] {
        names.filter { name in
            made.first { $0.name == name }.map { $0.family == .ipv4 } ?? true
        }
    }

    /// The list with one of ``names``.
    func ruleSet(named name: String) throws(BenchmarkError) -> RuleSet {
        if let known = made.first(where: { $0.name == name }) {
            var maker = RuleSetMaker(
                known.shape, size: known.size, family: known.family, seed: seed)
            return maker.ruleSet(named: name)
        }
        guard let folder else { preconditionFailure("`\(name)` is not one of the names") }
        return try folder.ruleSet(named: name)
    }
}
