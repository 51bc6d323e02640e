import CloudModel
import FilterTables
import ReferenceFilter
import TestSupport
import Testing

@Suite("Edited tables")
struct EditAgreementTests {
    @Test(
        "agree with the reference filter after every change, and with tables compiled afresh",
        arguments: Vendor.allCases)
    func afterEveryChange(vendor: Vendor) throws {
        var decisionCount = 0
        for seed in seeds(1000, unoptimised: 2) {
            var world = EditedWorld(seed: seed, vendor)
            for step in 1...200 { try world.step(step) }
            try world.compareWithFreshTables()
            try world.undoEverything()
            decisionCount += world.decisionCount
        }
        print("edited \(vendor) worlds: \(decisionCount) decisions")
    }
}

/// A random world that is changed again and again, its tables edited in step.
private struct EditedWorld {
    private let seed: UInt64
    private var world: RandomFleet
    private var random: SeededGenerator
    private var editor: TableEditor
    /// Keeps its memo from version to version.
    private var decider: DeciderBox
    private var undoing: [FleetChange] = []
    /// A version that was handed out a while ago, and the fleet that it stands for.
    private var snapshot: (tables: FilterTables, fleet: Fleet)
    private let firstByteCount: Int
    private(set) var decisionCount = 0

    init(seed: UInt64, _ vendor: Vendor) {
        self.seed = seed
        world = RandomFleet(seed: seed, shape: .crowded(vendor))
        random = SeededGenerator(seed: seed ^ 0xED17)
        // Few dead classes are kept, so that numbers are used again within a run.
        editor = TableEditor(compiling: world.fleet, deadClassLimit: 64)
        // A third of the worlds is decided by merged tables, or wide ones, made anew for each change.
        let forms = [Merging.whenBusy, .whenBusy, .always, .whenBusy, .whenBusy, .alwaysWide]
        decider = DeciderBox(editor.tables, forms[Int(seed % 6)])
        snapshot = (editor.tables, world.fleet)
        firstByteCount = editor.tables.byteCount
    }

    mutating func step(_ number: Int) throws {
        let before = world.fleet
        let change = world.nextChange()
        undoing.append(before.undoing(change))
        editor.apply([change])
        // Now and then several changes meet tables that nobody else holds.
        if random.oneIn(4), number % 16 != 0 { return }
        try compareWithReference(around: change)
        guard number % 16 == 0 else { return }
        try compareWithFreshTables()
        try compareSnapshot()
        try compareFork()
    }

    // MARK: Comparisons

    private mutating func compareWithReference(around change: FleetChange) throws {
        let fleet = world.fleet
        decider.adopt(editor.tables)
        var everywhere = EdgeProbes(fleet, shape: world.shape, seed: random.next())
        var nearby = EdgeProbes(
            change.subject(in: fleet), shape: world.shape, seed: random.next())
        let packets = (0..<20).map { _ in nearby.next(with: &everywhere) }
        let places = (0..<2).map { _ in
            Int.random(in: fleet.networkInterfaces.indices, using: &random)
        }
        try compare(editor.tables, with: fleet, on: packets, at: places, "after \(change)")
    }

    private mutating func compare(
        _ tables: FilterTables, with fleet: Fleet, on packets: [Packet], at places: [Int],
        _ occasion: String
    ) throws {
        let reference = ReferenceFilter(fleet)
        for place in places {
            let interface = fleet.networkInterfaces[place]
            for direction in Direction.allCases {
                let outcomes = decider.outcomes(packets.map { Query($0, at: place, direction) })
                for (packet, outcome) in zip(packets, outcomes) {
                    let expected = reference.decide(packet, at: interface, direction)
                    let found = tables.named(outcome, at: interface.id, direction)
                    try #require(
                        found == expected,
                        "seed \(seed), \(occasion): \(packet) gives \(found), expected \(expected)")
                }
            }
        }
        decisionCount += 2 * packets.count * places.count
    }

    /// Compares every interface's answers, owners and openness with those of tables made at once.
    mutating func compareWithFreshTables() throws {
        let fleet = world.fleet
        let fresh = FilterTables(compiling: fleet)
        let freshDecider = DeciderBox(fresh)
        decider.adopt(editor.tables)
        var probes = EdgeProbes(fleet, shape: world.shape, seed: random.next())
        let packets = (0..<40).map { _ in probes.next() }
        for (place, interface) in fleet.networkInterfaces.enumerated() {
            for direction in Direction.allCases {
                let queries = packets.map { Query($0, at: place, direction) }
                let found = decider.outcomes(queries)
                let expected = freshDecider.outcomes(queries)
                for index in packets.indices {
                    try #require(
                        editor.tables.named(found[index], at: interface.id, direction)
                            == fresh.named(expected[index], at: interface.id, direction),
                        "seed \(seed): \(packets[index]) at \(interface.id)")
                }
                for ipProtocol in [IPProtocol.tcp, .udp, .gre] {
                    for family in AddressFamily.allCases {
                        try #require(
                            editor.tables.isOpen(direction, at: place, for: ipProtocol, family)
                                == fresh.isOpen(direction, at: place, for: ipProtocol, family),
                            "seed \(seed): \(interface.id) open to \(ipProtocol)")
                    }
                }
            }
        }
        for packet in packets {
            try #require(
                editor.tables.sites(for: packet, vpc: fleet.vpcs[0].id)
                    == fresh.sites(for: packet, vpc: fleet.vpcs[0].id),
                "seed \(seed): \(packet)")
        }
    }

    /// What was handed out a while ago says what it said then; then something new is handed out.
    private mutating func compareSnapshot() throws {
        decider.adopt(snapshot.tables)
        var probes = EdgeProbes(snapshot.fleet, shape: world.shape, seed: random.next())
        let packets = (0..<20).map { _ in probes.next() }
        let place = Int.random(in: snapshot.fleet.networkInterfaces.indices, using: &random)
        try compare(
            snapshot.tables, with: snapshot.fleet, on: packets, at: [place], "in an old version")
        snapshot = (editor.tables, world.fleet)
    }

    /// Edits of a fork and of the original leave each other alone.
    private mutating func compareFork() throws {
        var fork = editor
        var forkedWorld = world
        for _ in 0..<4 { fork.apply([forkedWorld.nextChange()]) }
        decider.adopt(fork.tables)
        var probes = EdgeProbes(forkedWorld.fleet, shape: world.shape, seed: random.next())
        let packets = (0..<20).map { _ in probes.next() }
        let place = Int.random(in: world.fleet.networkInterfaces.indices, using: &random)
        try compare(fork.tables, with: forkedWorld.fleet, on: packets, at: [place], "in a fork")
        decider.adopt(editor.tables)
        try compare(
            editor.tables, with: world.fleet, on: packets, at: [place], "beside a fork")
    }

    // MARK: Undoing

    /// Takes all changes back, after which the tables take what they took at first.
    mutating func undoEverything() throws {
        editor.apply(undoing.reversed())
        snapshot = (editor.tables, world.fleet)
        decider.adopt(editor.tables)
        try #require(editor.tables.byteCount == firstByteCount, "seed \(seed)")
    }
}
