import CloudModel
import FilterTables
import Foundation
import TestSupport
import Testing

@Suite("Memory of edited tables")
struct EditMemoryTests {
    /// How often a pair of changes that undo one another is made.
    private static let pairCount: Int = {
        #if DEBUG
            return 5_000
        #else
            return 1_000_000
        #endif
    }()

    @Test(
        "does not grow by revoking and authorizing, joining and leaving", arguments: Vendor.allCases
    )
    func doesNotGrow(vendor: Vendor) throws {
        let world = RandomFleet(seed: 3, shape: .large(vendor)).fleet
        let pairs = try EditMemoryTests.pairs(in: world)
        var editor = TableEditor(compiling: world)
        let first = editor.tables.byteCount
        var held = editor.tables
        var peak = 0
        for number in 0..<EditMemoryTests.pairCount {
            let pair = pairs[number % pairs.count]
            editor.apply([pair.0])
            // Now and then a version is held, so that blocks are copied.
            if number % 3 == 0 { held = editor.tables }
            editor.apply([pair.1])
            if number == EditMemoryTests.pairCount / 10 { peak = residentByteCount() }
        }
        held = editor.tables
        #expect(held.byteCount == first)
        // What the process holds stays as well, but for what other suites take at the same time.
        print(
            "memory after \(EditMemoryTests.pairCount) pairs: \(first) bytes of tables,",
            "\(residentByteCount() - peak) bytes more in the process than after a tenth")
    }

    /// For every rule a revoke and an authorize, for every interface a leave and a join.
    private static func pairs(in fleet: Fleet) throws -> [(FleetChange, FleetChange)] {
        var pairs: [(FleetChange, FleetChange)] = []
        for group in fleet.securityGroups {
            for rule in group.rules {
                pairs.append((.ruleRemoved(rule, from: group.id), .ruleAdded(rule, to: group.id)))
            }
        }
        for interface in fleet.networkInterfaces where !interface.securityGroups.isEmpty {
            let groups = interface.securityGroups
            let fewer = Array(groups.dropLast())
            pairs.append(
                (
                    .securityGroupsReplaced(of: interface.id, from: groups, to: fewer),
                    .securityGroupsReplaced(of: interface.id, from: fewer, to: groups)
                ))
        }
        try #require(pairs.count > 100)
        return pairs.shuffled()
    }

    @Test("of a fork is that of what it changes")
    func forksShare() {
        let world = RandomFleet(seed: 5, shape: .large(.alibaba)).fleet
        let editor = TableEditor(compiling: world)
        let alone = editor.tables.byteCount
        var forks = (0..<50).map { _ in editor }
        #expect(editor.tables.byteCount == alone)
        let group = world.securityGroups[0]
        for index in forks.indices {
            forks[index].apply([.innerAccessPolicyChanged(of: group.id, to: .drop)])
            forks[index].apply([
                .statusChanged(of: world.networkInterfaces[0].id, from: .inUse, to: .detaching)
            ])
        }
        let more = editor.tables.byteCount - alone
        print("50 forks with two changes each: \(more) bytes beside \(alone)")
        #expect(more < 50 * alone / 10)
        forks = []
        #expect(editor.tables.byteCount == alone)
    }
}

/// The memory that the system backs for this process, 0 where it does not say.
private func residentByteCount() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
        return 0
    }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
}
