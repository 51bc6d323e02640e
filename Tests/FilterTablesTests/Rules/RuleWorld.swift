import CloudModel
import TestSupport

@testable import FilterTables

/// A rule as its meaning, and as the step that a table is given.
struct SampleRule: Hashable {
    var pair: SelectorPair
    var priority: UInt8 = 1
    var policy = Policy.accept
    var id = RuleID("")
    var ipProtocol = ProtocolMatch.all
    var destination: ClosedRange<UInt16>?
    var source: ClosedRange<UInt16>?
    /// The number of a custom rule.
    var number: UInt32?

    var step: RuleStep {
        let test = RuleTest(ipProtocol, destination: destination, source: source)
        guard let number else { return RuleStep(.platform, .system, test) }
        let order = RuleOrder(priority: priority, policy, id)
        return RuleStep(order, policy, byRule: number, test)
    }

    /// Straight from the meaning of ``SecurityGroupRule``.
    func isTriedBefore(_ other: SampleRule) -> Bool {
        if (number == nil) != (other.number == nil) { return number == nil }
        if priority != other.priority { return priority < other.priority }
        if policy != other.policy { return policy == .drop }
        return id < other.id
    }

    func admits(_ packet: SamplePacket) -> Bool {
        let family: SelectorID = packet.isIPv6 ? 2 : 1
        return (pair.peer == 0 || pair.peer == family || packet.peerMembers.contains(pair.peer))
            && (pair.local == 0 || pair.local == family || packet.localMembers.contains(pair.local))
            && ipProtocol.matches(IPProtocol(rawValue: packet.ipProtocol))
            && (destination.map { packet.knowsTransport && $0.contains(packet.destination) } ?? true)
            && (source.map { packet.knowsTransport && $0.contains(packet.source) } ?? true)
    }
}

/// A packet by the selectors that hold its addresses.
struct SamplePacket {
    var peerMembers: [SelectorID] = []
    var localMembers: [SelectorID] = []
    var ipProtocol: UInt8 = 6
    var destination: UInt16 = 0
    var source: UInt16 = 0
    var knowsTransport = true
    var isIPv6 = false
}

/// An arena with the classes and records that tables need beside them.
final class RuleWorld {
    let arena = BlockArena()
    private var records = BlockVector.empty
    private var classes: [BlockRef] = []
    private var scratch = TableScratch()

    var names: RuleNames { RuleNames(records: records) }

    /// Gives rule `number` a name.
    func name(_ number: UInt32, _ id: RuleID) {
        let record = RuleRecord.make(id, group: 7, .egress, in: arena)
        records = records.setting(Int(number), to: record, in: arena)
    }

    /// A chain of classes with two members each, until ``releaseAll()``.
    func classed(_ packet: SamplePacket) -> ClassedPacket {
        ClassedPacket(
            peerClass: addressClass(of: packet.peerMembers).line,
            localClass: addressClass(of: packet.localMembers).line, ipProtocol: packet.ipProtocol,
            destination: packet.destination, source: packet.source,
            knowsTransport: packet.knowsTransport, isIPv6: packet.isIPv6)
    }

    private func addressClass(of members: [SelectorID]) -> BlockRef {
        var last = BlockRef.none
        for start in stride(from: 0, to: members.count, by: 2) {
            let own = members[start..<min(start + 2, members.count)].sorted()
            arena.retain(last)
            last = AddressClass.interned(
                own.span, length: UInt8(start + 8), parent: last, in: arena)
            classes.append(last)
        }
        return last
    }

    /// Drops everything but tables.
    func releaseAll() {
        for addressClass in classes { arena.release(addressClass) }
        classes = []
        arena.release(records.root)
        records = .empty
    }

    func table(_ rules: [SampleRule]) -> RuleTable {
        RuleTable.make(
            rules.map { (pair: $0.pair, step: $0.step) }, names, .drop, in: arena)
    }

    func inserting(_ rule: SampleRule, into table: RuleTable) -> RuleTable {
        table.inserting(rule.step, for: rule.pair, names, in: arena)
    }

    func removing(_ rule: SampleRule, from table: RuleTable) -> RuleTable {
        table.removing(rule.step, for: rule.pair, names, in: arena)
    }

    func match(
        in table: RuleTable, of packet: ClassedPacket, before match: Match = .none
    ) -> Match {
        arena.memory.firstMatch(in: table, of: packet, names, before: match, using: &scratch)
    }

    /// Everything that a table's blocks say, and their sizes: equal for tables that are stored alike.
    func image(of table: RuleTable) -> [UInt32] {
        let memory = arena.memory
        let pageCount = PairDirectory.pageCount(ofPairs: table.pairCount(in: memory))
        var image = (0..<RuleTable.directoryWord).map { memory.word(table.block, $0) }
        for half in 0...1 { image[RuleTable.stampWord + half] = 0 }
        image.append(UInt32(arena.lineCount(of: table.block)))
        for index in 0..<pageCount {
            let page = PairDirectory.page(at: index, of: table.block, pageCount, in: memory)
            if page.isNone {
                image.append(0)
            } else {
                image += self.image(ofPage: page)
            }
        }
        return image
    }

    private func image(ofPage page: BlockRef) -> [UInt32] {
        let memory = arena.memory
        let count = Int(memory.word(page, 0))
        var image = [UInt32(count), UInt32(arena.lineCount(of: page))]
        for place in 0..<count {
            let slot = PairPage.slotWord(place, of: count)
            var words = (0..<PairPage.slotWordCount).map { memory.word(page, slot + $0) }
            if words[5] & PairPage.isBucket != 0 {
                image += self.image(ofBucket: BlockRef(line: words[4]))
                words[4] = 0
            }
            image += words
        }
        return image
    }

    private func image(ofBucket bucket: BlockRef) -> [UInt32] {
        let memory = arena.memory
        var image = [UInt32(arena.lineCount(of: bucket))]
        if RuleBucket.isPaged(bucket, in: arena) {
            image += [memory.word(bucket, 0), memory.word(bucket, 1)]
            RuleBucket.forEachPage(of: bucket, in: memory) { image += self.image(ofBucket: $0) }
        } else {
            let end = RuleBucket.stepWord(Int(memory.word(bucket, 0)))
            image += [memory.word(bucket, 0)]
            image += (RuleBucket.firstStep..<end).map { memory.word(bucket, $0) }
        }
        return image
    }
}
