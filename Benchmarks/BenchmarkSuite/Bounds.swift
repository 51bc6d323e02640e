/// Counts that a run may not exceed, by row: what a change is stopped by. Times are never among them.
///
///     # what it may be at most
///     allocations/acl_1000      0
///     bytes-per-rule/acl_1000   400
///     decide/acl_1000/zipf      inf      (only that the answers are right)
package struct Bounds: Sendable {
    private var bounds: [(name: String, limit: Double)] = []

    /// Reads one bound a line: a row's name and its limit.
    ///
    /// - Throws: ``BenchmarkError/badBound(line:_:)``.
    package init(_ text: String) throws(BenchmarkError) {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let name = fields.first, !name.hasPrefix("#") else { continue }
            guard fields.count == 2, let limit = Double(fields[1]) else {
                throw .badBound(line: number + 1, String(line))
            }
            bounds.append((String(name), limit))
        }
    }

    /// The rows of the suite that have bounds. Instructions are counted from outside
    /// (`Benchmarks/instructions.sh`), against the same list.
    package var names: [String] {
        bounds.map(\.name).filter { !$0.hasPrefix("instructions/") }
    }

    /// What is wrong with `rows`, a line each: rows over their bounds, and bounds without a row.
    package func violations(in rows: [Row]) -> [String] {
        let names = Set(names)
        return bounds.filter { names.contains($0.name) }.compactMap { name, limit in
            guard let row = rows.first(where: { $0.name == name }) else {
                return "\(name): not measured"
            }
            guard row.median > limit else { return nil }
            return "\(name): \(row.median) \(row.unit.rawValue), and at most \(limit) is allowed"
        }
    }
}
