internal import CloudModel

/// A query on its way through the tables.
struct PlacedPacket {
    /// ``InterfaceState``.
    var state: UInt32 = InterfaceState.withoutGroups.rawValue
    var groupCount = 0
    /// The interface's record.
    var interface = BlockRef.none
    var isEgress = false
    var isIPv6 = false
    /// The trie of the packet's family in the interface's address space.
    var trie = TrieEntry.empty
    /// The table of the interface's first group.
    var firstTable = RuleTable(.none)
    var classed = ClassedPacket(
        peerClass: 0, localClass: 0, ipProtocol: 0, destination: 0, source: 0,
        knowsTransport: false, isIPv6: false)
    var destinationLabel: UInt16 = 0
    var sourceLabel: UInt16 = 0
}

/// The words of a version's root, and the way from a query to classes and tables.
struct TableReader {
    let memory: BlockMemory
    let memoGeneration: UInt32
    let dropsLaterFragments: Bool
    let names: RuleNames
    private let interfaces: BlockVector
    private let groups: BlockVector
    private let spaces: BlockVector
    private let destinationLabels: TrieEntry
    private let sourceLabels: TrieEntry

    init(_ version: TableVersion) {
        let root = version.root
        memory = version.arena.memory
        memoGeneration = memory.word(root, RootLayout.memoGeneration)
        dropsLaterFragments = memory.word(root, RootLayout.fragments) != 0
        names = RuleNames(records: memory.vector(.rules, of: root))
        interfaces = memory.vector(.interfaces, of: root)
        groups = memory.vector(.groups, of: root)
        spaces = memory.vector(.spaces, of: root)
        destinationLabels = memory.entry(root, RootLayout.destinationLabels)
        sourceLabels = memory.entry(root, RootLayout.sourceLabels)
    }

    @inline(__always)
    private func record(of query: Query) -> BlockRef {
        memory.element(of: interfaces.root, depth: interfaces.depth, at: Int(query.interface))
    }

    /// Touches what the first stage reads.
    @inline(__always)
    func touchRecord(of query: Query) { memory.touch(record(of: query)) }

    /// The first stage: what the interface is and asks.
    @inline(__always)
    func place(_ query: Query) -> PlacedPacket {
        var packet = PlacedPacket()
        let record = record(of: query)
        packet.interface = record
        packet.state = InterfaceRecord.state(in: record, memory)
        packet.groupCount = InterfaceRecord.groupCount(in: record, memory)
        packet.isEgress = query.flags.contains(.egress)
        packet.isIPv6 = query.flags.contains(.ipv6)
        guard packet.groupCount > 0 else { return packet }
        packet.trie = trie(
            ofSpace: InterfaceRecord.space(in: record, memory),
            isIPv6: packet.isIPv6)
        packet.firstTable = table(ofGroup: 0, for: packet)
        return packet
    }

    /// The trie of an address space and family.
    @inline(__always)
    func trie(ofSpace number: Int, isIPv6: Bool) -> TrieEntry {
        let space = memory.element(of: spaces.root, depth: spaces.depth, at: number)
        return memory.entry(space, SpaceRecord.trie(isIPv6: isIPv6))
    }

    /// Touches what the search in the tables of a packet's groups reads first, the root of its trie too.
    @inline(__always)
    func touchTables(of packet: PlacedPacket) {
        memory.touch(packet.trie.block)
        for place in 0..<packet.groupCount {
            let header = table(ofGroup: place, for: packet).block
            memory.touch(header)
            memory.touch(BlockRef(line: header.line &+ 1))
        }
    }

    /// The second stage: classes of the addresses, labels of the ports.
    @inline(__always)
    func classify(_ query: Query, _ packet: inout PlacedPacket) {
        let isIPv6 = query.flags.contains(.ipv6)
        let source = leaf(packet.trie, isIPv6, query.sourceHigh, query.sourceLow)
        let destination = leaf(packet.trie, isIPv6, query.destinationHigh, query.destinationLow)
        let peer = packet.isEgress ? destination : source
        let isKnown = query.flags.contains(.hasTransport)
        packet.classed = ClassedPacket(
            peerClass: query.flags.contains(.unnamedPeer) ? 0 : peer,
            localClass: packet.isEgress ? source : destination, ipProtocol: query.ipProtocol,
            destination: query.destinationPort, source: query.sourcePort,
            knowsTransport: isKnown, isIPv6: isIPv6)
        memory.touch(BlockRef(line: packet.classed.peerClass))
        memory.touch(BlockRef(line: packet.classed.localClass))
        packet.destinationLabel =
            isKnown ? memory.portLabel(of: query.destinationPort, in: destinationLabels) : 0
        packet.sourceLabel =
            isKnown ? memory.portLabel(of: query.sourcePort, in: sourceLabels) : 0
    }

    @inline(__always)
    private func leaf(
        _ trie: TrieEntry, _ isIPv6: Bool, _ high: UInt64, _ low: UInt64
    ) -> UInt32 {
        isIPv6 ? memory.leaf(of: trie, high: high, low: low) : memory.leaf(of: trie, high: high)
    }

    /// The table that one of the interface's groups has for the packet's direction.
    @inline(__always)
    func table(ofGroup place: Int, for packet: PlacedPacket) -> RuleTable {
        let number = InterfaceRecord.group(place, in: packet.interface, memory)
        let group = memory.element(of: groups.root, depth: groups.depth, at: number)
        let word = GroupRecord.table(isEgress: packet.isEgress)
        return RuleTable(BlockRef(line: memory.word(group, word)))
    }
}
