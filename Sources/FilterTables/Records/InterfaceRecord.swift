internal import CloudModel

/// The words of an interface: what it is to packets, and the groups that it asks.
///
///     word 0   31          8 7      0
///              ┌────────────┬────────┐
///              │ groups     │ state  │   how many groups; see ``InterfaceState``
///              └────────────┴────────┘
///          1   number of the address space
///        2, 3  Ethernet address in the low 48 bits of 64; all bits set for none
///          4…  numbers of the groups, ascending
enum InterfaceRecord {
    private static let header = 0
    private static let space = 1
    private static let mac = 1  // in 64-bit words
    private static let groups = 4
    private static let noMAC = UInt64.max

    /// What a record says.
    struct Contents: Hashable {
        var state: InterfaceState
        var space: Int
        var mac: MACAddress?
        /// Numbers of groups, ascending.
        var groups: [UInt32]
    }

    /// A record.
    static func make(_ contents: Contents, in arena: BlockArena) -> BlockRef {
        let groups = contents.groups
        let memory = arena.memory
        let record = arena.allocate(
            .interfaceRecord, lineCount: (InterfaceRecord.groups + groups.count + 15) / 16)
        memory.setWord(record, header, UInt32(groups.count) << 8 | contents.state.rawValue)
        memory.setWord(record, space, UInt32(contents.space))
        memory.setWord64(record, mac, contents.mac?.value ?? noMAC)
        for (place, group) in groups.enumerated() {
            memory.setWord(record, InterfaceRecord.groups + place, group)
        }
        return record
    }

    /// The state in the header word of a record.
    @inline(__always)
    static func state(in record: BlockRef, _ memory: BlockMemory) -> UInt32 {
        memory.word(record, header) & 0xFF
    }

    /// How many groups a record has.
    @inline(__always)
    static func groupCount(in record: BlockRef, _ memory: BlockMemory) -> Int {
        Int(memory.word(record, header) >> 8)
    }

    /// The number of one of the record's groups.
    @inline(__always)
    static func group(_ place: Int, in record: BlockRef, _ memory: BlockMemory) -> Int {
        Int(memory.word(record, groups &+ place))
    }

    /// The number of the record's address space.
    @inline(__always)
    static func space(in record: BlockRef, _ memory: BlockMemory) -> Int {
        Int(memory.word(record, space))
    }

    /// The record's Ethernet address.
    static func mac(in record: BlockRef, _ memory: BlockMemory) -> MACAddress? {
        let value = memory.word64(record, mac)
        return value == noMAC ? nil : MACAddress(value)
    }
}

/// What an interface is to a packet that it owns.
enum InterfaceState: UInt32, Sendable {
    case filtering
    case notAttached
    case withoutGroups
}
