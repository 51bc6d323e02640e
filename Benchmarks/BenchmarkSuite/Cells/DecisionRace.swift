internal import CloudModel

/// sluice and its peers on the same headers, in turn; in each round on headers that none has seen.
struct DecisionRace {
    let name: String
    /// sluice, warmed by another trace than those of the rounds and not.
    let own: [TableContender]
    /// rte_acl's methods that may be the fastest for these headers; none without rte_acl.
    var rivals: [RTEACLContender] = []
    /// For each of the rivals' and the oracle's rules the number that sluice's answers have; the
    /// same numbers if `nil`.
    var labels: [Int32]?
    /// The bytes of the tables that sluice decides by, and of rte_acl's if there are any.
    let tableByteCount: Int
    var rivalByteCount: Int?
    /// Whoever decides slowly what is right, perhaps only the first of the headers.
    let oracle: any Contender

    /// Measures, compares all answers and reports a row for each contender, sluice's first.
    ///
    /// - Parameter nextTrace: the headers of the next round.
    func run(
        rounds: Int, _ nextTrace: () throws(BenchmarkError) -> Trace, _ report: (Row) -> Void
    ) throws(BenchmarkError) {
        let contenders: [any Contender] = own + rivals
        var rates = Array(repeating: [Double](), count: contenders.count)
        var agreements = Array(repeating: Row.Agreement(), count: own.count)
        var oracleRates: [Double] = []
        for round in 0..<rounds {
            let trace = try nextTrace()
            for (place, rate) in try race(contenders, on: trace, round: round).enumerated() {
                rates[place].append(rate)
            }
            var peers: [any Contender] = rivals
            // The oracle takes its time, and sees enough in three rounds.
            if round < 3 {
                oracleRates += try race([oracle], on: trace, round: round)
                peers.append(oracle)
            }
            try compare(&agreements, with: peers)
        }
        reportOwn(rates, agreements, report)
        report(memoryRow)
        report(
            Row(
                rowName(of: oracle), .millionsPerSecond, Sample(oracleRates),
                note: "\(oracle.headerCount) headers"))
    }

    private func reportOwn(
        _ rates: [[Double]], _ agreements: [Row.Agreement], _ report: (Row) -> Void
    ) {
        let fastest = zip(rivals, rates.dropFirst(own.count))
            .max { Sample($0.1).median < Sample($1.1).median }
        for (place, contender) in own.enumerated() {
            report(
                Row(
                    rowName(of: contender), .millionsPerSecond, Sample(rates[place]),
                    beside: fastest.map { .rate("rte_acl", own: rates[place], peer: $0.1) },
                    agreement: agreements[place]))
        }
        guard let (rival, rates) = fastest else { return }
        report(
            Row(
                rowName(of: rival), .millionsPerSecond, Sample(rates),
                note: RTEACL.methodNames[rival.method]))
    }

    /// The tables and what a decider derived from them for the headers, beside rte_acl's tables.
    private var memoryRow: Row {
        let derived = Double(own[0].derivedByteCount) / 1e6
        let all = Double(tableByteCount) / 1e6 + derived
        return Row(
            "\(name)/memory", .megabytes, Sample([all]),
            beside: rivalByteCount.map { .cost("rte_acl", own: all, peer: Double($0) / 1e6) },
            note: "\(Row.text(derived)) derived")
    }

    private func rowName(of contender: any Contender) -> String {
        contender.name.isEmpty ? name : "\(name)/\(contender.name)"
    }

    /// Compares each of sluice's answers of the last pass with those of peers, as far as these decide.
    private func compare(
        _ agreements: inout [Row.Agreement], with peers: [any Contender]
    ) throws(BenchmarkError) {
        let found = own.map { $0.answers() }
        for peer in peers {
            let wanted = labelled(try peer.answers())
            for place in own.indices {
                agreements[place].add(Row.Agreement(wanted, found[place]))
            }
        }
    }

    private func labelled(_ answers: [Int32]) -> [Int32] {
        guard let labels else { return answers }
        return answers.map { $0 < 0 ? $0 : labels[Int($0)] }
    }
}
