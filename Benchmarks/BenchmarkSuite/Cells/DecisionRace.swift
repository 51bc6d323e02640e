internal import CloudModel

/// sluice and its peers on the same headers, in turn.
struct DecisionRace {
    let name: String
    /// The rules as an ordered list, whatever sluice was compiled from.
    let rules: [QuintupleRule]
    let headers: [Header]
    /// rte_acl with the rules built, if it is there and could.
    let peer: RTEACL?

    /// Measures, compares all answers and reports a row for each contender, sluice's first.
    ///
    /// - Parameter makeContender: sluice deciding these headers, with its memo or without.
    func run(
        rounds: Int, _ makeContender: ([Header], _ usesMemo: Bool) -> any Contender,
        _ report: (Row) -> Void
    ) throws(BenchmarkError) {
        let own = [makeContender(headers, true), makeContender(headers, false)]
        let scan = LinearScan(rules, headers)
        let rivals = try bestMethods()
        let agreements = try agreements(of: own, with: rivals + [scan])
        let rates = try race(own + rivals, rounds: rounds).map { times in
            times.map { Double(headers.count) / $0 * 1e3 }
        }
        let ownRates = rates.prefix(own.count)
        let fastest = zip(rivals, rates.dropFirst(own.count))
            .max { Sample($0.1).median < Sample($1.1).median }
        for (place, contender) in own.enumerated() {
            report(
                Row(
                    rowName(of: contender), .millionsPerSecond, Sample(ownRates[place]),
                    beside: fastest.map { .rate("rte_acl", own: ownRates[place], peer: $0.1) },
                    agreement: agreements[place],
                    note: fastest == nil ? "without rte_acl" : nil))
        }
        if let (rival, rates) = fastest {
            report(
                Row(
                    rowName(of: rival), .millionsPerSecond, Sample(rates),
                    note: RTEACL.methodNames[rival.method]))
        }
        report(row(of: scan, rounds: min(3, rounds)))
    }

    private func rowName(of contender: any Contender) -> String {
        contender.name.isEmpty ? name : "\(name)/\(contender.name)"
    }

    /// rte_acl's two fastest methods for these headers: which is the best, the race says.
    private func bestMethods() throws(BenchmarkError) -> [RTEACLContender] {
        guard let peer else { return [] }
        try peer.setHeaders(headers)
        var probed: [(contender: RTEACLContender, time: Double)] = []
        for method in try peer.methods() {
            let contender = RTEACLContender(peer, method: method, headerCount: headers.count)
            // The first pass only fills the caches.
            _ = try contender.pass()
            probed.append((contender, min(try contender.pass(), try contender.pass())))
        }
        return probed.sorted { $0.time < $1.time }.prefix(2).map(\.contender)
    }

    /// Each of sluice's answers compared with each peer's, as far as the peer decides.
    private func agreements(
        of own: [any Contender], with peers: [any Contender]
    ) throws(BenchmarkError) -> [Row.Agreement] {
        var agreements: [Row.Agreement] = []
        var wanted: [[Int32]] = []
        for peer in peers { wanted.append(try peer.answers()) }
        for contender in own {
            let found = try contender.answers()
            var agreement = Row.Agreement(checked: 0, wrong: 0)
            for answers in wanted {
                agreement.checked += answers.count
                for (place, answer) in answers.enumerated() where found[place] != answer {
                    agreement.wrong += 1
                }
            }
            agreements.append(agreement)
        }
        return agreements
    }

    private func row(of scan: LinearScan, rounds: Int) -> Row {
        let rates = (0..<rounds).map { _ in Double(scan.headerCount) / scan.pass() * 1e3 }
        return Row(
            rowName(of: scan), .millionsPerSecond, Sample(rates),
            note: scan.headerCount < headers.count ? "\(scan.headerCount) headers" : nil)
    }
}
