import CloudModel
import FilterTables
import Foundation
import TestSupport
import Testing

@Suite("Time of edits", .enabled(if: isLong, "prints figures; SLUICE_LONG=1 asks for them"))
struct EditLatencyTests {
    @Test("does not grow with the fleet", arguments: [1_000, 10_000, 100_000])
    func figures(interfaceCount: Int) {
        var world = ScaledFleet(interfaceCount: interfaceCount)
        let clock = ContinuousClock()
        let start = clock.now
        var editor = TableEditor(compiling: world.fleet)
        let compileTime = clock.now - start
        print(
            "\(interfaceCount) interfaces: compiled in \(compileTime),",
            "\(editor.tables.byteCount) bytes")
        for isHeld in [false, true] {
            var held: FilterTables?
            var durations: [ScaledFleet.Kind: [Duration]] = [:]
            for number in 0..<30_000 {
                let kind = ScaledFleet.Kind.allCases[number % ScaledFleet.Kind.allCases.count]
                guard let change = world.nextChange(kind) else { continue }
                let changes = [change]
                let start = clock.now
                editor.apply(changes)
                durations[kind, default: []].append(clock.now - start)
                if isHeld { held = editor.tables }
            }
            withExtendedLifetime(held) {}
            for kind in ScaledFleet.Kind.allCases {
                let sorted = (durations[kind] ?? []).sorted()
                print(
                    "  \(kind.rawValue), \(isHeld ? "version held" : "in place"):",
                    "median \(sorted[sorted.count / 2]), p99 \(sorted[sorted.count * 99 / 100]),",
                    "max \(sorted[sorted.count - 1])")
            }
        }
    }

    @Test("of a prefix over 10,000 others stays under five milliseconds")
    func coveringPrefix() {
        var world = ScaledFleet(interfaceCount: 10_000)
        var editor = TableEditor(compiling: world.fleet)
        var rule = world.rule(inGroupAt: 0)
        rule.peer = .cidr(CIDRBlock("10.0.0.0/8")!)
        let clock = ContinuousClock()
        var durations: [Duration] = []
        for number in 0..<40 {
            let held = number < 20 ? nil : editor.tables
            let start = clock.now
            editor.apply([
                number % 2 == 0 ? .ruleAdded(rule, to: "sg-0") : .ruleRemoved(rule, from: "sg-0")
            ])
            durations.append(clock.now - start)
            withExtendedLifetime(held) {}
        }
        durations.sort()
        print("prefix over 10,000 addresses: median \(durations[20]), max \(durations[39])")
    }
}
