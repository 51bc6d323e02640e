internal import CloudModel

/// sluice and its peers on the same headers, in turn.
struct DecisionRace {
    let name: String
    /// sluice with its memo and without.
    let own: [TableContender]
    /// rte_acl's methods that may be the fastest for these headers; none without rte_acl.
    var rivals: [RTEACLContender] = []
    /// For each of the rivals' and the oracle's rules the number that sluice's answers have; the
    /// same numbers if `nil`.
    var labels: [Int32]?
    /// Whoever decides slowly what is right, perhaps only the first of the headers.
    let oracle: any Contender

    /// Measures, compares all answers and reports a row for each contender, sluice's first.
    func run(rounds: Int, _ report: (Row) -> Void) throws(BenchmarkError) {
        let agreements = try agreements()
        let contenders: [any Contender] = own + rivals
        let rates = try race(contenders, rounds: rounds).map { times in
            times.map { Double(own[0].headerCount) / $0 * 1e3 }
        }
        let fastest = zip(rivals, rates.dropFirst(own.count))
            .max { Sample($0.1).median < Sample($1.1).median }
        for (place, contender) in own.enumerated() {
            report(
                Row(
                    rowName(of: contender), .millionsPerSecond, Sample(rates[place]),
                    beside: fastest.map { .rate("rte_acl", own: rates[place], peer: $0.1) },
                    agreement: agreements[place]))
        }
        if let (rival, rates) = fastest {
            report(
                Row(
                    rowName(of: rival), .millionsPerSecond, Sample(rates),
                    note: RTEACL.methodNames[rival.method]))
        }
        report(try oracleRow(rounds: min(3, rounds)))
    }

    private func rowName(of contender: any Contender) -> String {
        contender.name.isEmpty ? name : "\(name)/\(contender.name)"
    }

    /// Each of sluice's answers compared with each peer's, as far as the peer decides.
    private func agreements() throws(BenchmarkError) -> [Row.Agreement] {
        var wanted: [[Int32]] = []
        let peers: [any Contender] = rivals + [oracle]
        for peer in peers { wanted.append(labelled(try peer.answers())) }
        return own.map { contender in
            let found = contender.answers()
            var agreement = Row.Agreement(checked: 0, wrong: 0)
            for answers in wanted {
                agreement.checked += answers.count
                for (place, answer) in answers.enumerated() where found[place] != answer {
                    agreement.wrong += 1
                }
            }
            return agreement
        }
    }

    private func labelled(_ answers: [Int32]) -> [Int32] {
        guard let labels else { return answers }
        return answers.map { $0 < 0 ? $0 : labels[Int($0)] }
    }

    private func oracleRow(rounds: Int) throws(BenchmarkError) -> Row {
        var rates: [Double] = []
        for _ in 0..<rounds { rates.append(Double(oracle.headerCount) / (try oracle.pass()) * 1e3) }
        return Row(
            rowName(of: oracle), .millionsPerSecond, Sample(rates),
            note: "\(oracle.headerCount) headers")
    }
}
