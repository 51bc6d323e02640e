internal import CloudModel

/// A packet as rule tables see it: classes in place of addresses.
struct ClassedPacket: Sendable {
    /// The line of the class of each address; 0 for one that no selector holds.
    let peerClass: UInt32
    let localClass: UInt32
    let ipProtocol: UInt32
    /// A port, an ICMP type and code as in ``RuleTest``, or ``unknown``.
    let destination: UInt32
    let source: UInt32
    let isIPv6: Bool

    /// In no range of 16-bit values.
    static let unknown: UInt32 = 0x1_0000

    @inline(__always)
    init(
        peerClass: UInt32, localClass: UInt32, ipProtocol: UInt8, destination: UInt16,
        source: UInt16, knowsTransport: Bool, isIPv6: Bool
    ) {
        self.peerClass = peerClass
        self.localClass = localClass
        self.ipProtocol = UInt32(ipProtocol)
        self.destination = knowsTransport ? UInt32(destination) : ClassedPacket.unknown
        self.source = knowsTransport ? UInt32(source) : ClassedPacket.unknown
        self.isIPv6 = isIPv6
    }
}

/// The step that decides a packet so far.
struct Match: Hashable, Sendable {
    let order: RuleOrder
    let rule: UInt32
    fileprivate let code: UInt32

    /// After every step.
    static let none = Match(order: .last, rule: RuleStep.noRule, code: 0)

    @inline(__always)
    var isNone: Bool { order == .last }

    /// What the step answers.
    @inline(__always)
    var outcome: Outcome {
        switch StepOutcome(rawValue: code) {
        case .acceptByRule: Outcome(.accept, byRule: rule)
        case .dropByRule: Outcome(.drop, byRule: rule)
        case .intraGroup: Outcome(.accept, .intraGroup)
        case .system: Outcome(.accept, .system)
        case .exempt: Outcome(.accept, .exempt)
        case nil: preconditionFailure("a step without an outcome")
        }
    }
}

extension BlockMemory {
    /// The first step of a table in decision order that admits a packet, or the match that came before
    /// if that is tried first: so several tables are asked one after the other.
    ///
    /// - Complexity: O(chain of the peer · chain of the local + steps tried). Allocates nothing.
    func firstMatch(
        in table: RuleTable, of packet: ClassedPacket, _ names: RuleNames,
        before match: Match = .none
    ) -> Match {
        guard word(table.block, RuleTable.pairCountWord) != 0 else { return match }
        var search = TableSearch(table.block, packet, names, self, match)
        let shape = word(table.block, RuleTable.shapeWord)
        if shape >> 12 & 0xF != 0 {
            var addressClass = BlockRef(line: packet.peerClass)
            while !addressClass.isNone {
                for place in 0..<memberCount(ofClass: addressClass) {
                    let peer = member(ofClass: addressClass, at: place)
                    if search.mayHavePeer(peer) { search.probe(peer, shape >> 12) }
                }
                addressClass = parent(ofClass: addressClass)
            }
        }
        let ofFamily = packet.isIPv6 ? WideSelector.anyIPv6 : WideSelector.anyIPv4
        search.probe(ofFamily, shape >> (4 &* ofFamily))
        search.probe(WideSelector.any, shape)
        return search.best
    }

    /// As ``firstMatch(in:of:_:before:)`` among rules whose peer is `0.0.0.0/0` or `::/0`: whether they
    /// admit the packet is what makes an AWS flow untracked. Source: SEMANTICS B.5.
    func firstMatchOfAnyPeer(
        in table: RuleTable, of packet: ClassedPacket, _ names: RuleNames,
        before match: Match = .none
    ) -> Match {
        guard word(table.block, RuleTable.pairCountWord) != 0 else { return match }
        var search = TableSearch(table.block, packet, names, self, match)
        let ofFamily = packet.isIPv6 ? WideSelector.anyIPv6 : WideSelector.anyIPv4
        let shape = word(table.block, RuleTable.shapeWord)
        search.probe(ofFamily, shape >> (4 &* ofFamily))
        return search.best
    }
}

/// One look-up in one table.
private struct TableSearch {
    let memory: BlockMemory
    let header: BlockRef
    let packet: ClassedPacket
    let names: RuleNames
    let pageCount: Int
    let mask: UInt64
    var best: Match

    @inline(__always)
    init(
        _ header: BlockRef, _ packet: ClassedPacket, _ names: RuleNames, _ memory: BlockMemory,
        _ best: Match
    ) {
        self.memory = memory
        self.header = header
        self.packet = packet
        self.names = names
        pageCount = PairDirectory.pageCount(
            ofPairs: Int(memory.word(header, RuleTable.pairCountWord)))
        mask = PairDirectory.mask(pageCount)
        self.best = best
    }

    /// Whether the table's filter lets a peer's selector pass.
    @inline(__always)
    func mayHavePeer(_ peer: SelectorID) -> Bool {
        memory.word(header, RuleTable.filterWord &+ Int(peer >> 5 & 7)) >> (peer & 31) & 1 != 0
    }

    /// Tries the pairs of a peer with all of the packet's local selectors whose kinds have a bit.
    @inline(__always)
    mutating func probe(_ peer: SelectorID, _ localKinds: UInt32) {
        if localKinds & 8 != 0 {
            var addressClass = BlockRef(line: packet.localClass)
            while !addressClass.isNone {
                for place in 0..<memory.memberCount(ofClass: addressClass) {
                    let local = memory.member(ofClass: addressClass, at: place)
                    tryPair(SelectorPair(peer: peer, local: local))
                }
                addressClass = memory.parent(ofClass: addressClass)
            }
        }
        let ofFamily = packet.isIPv6 ? WideSelector.anyIPv6 : WideSelector.anyIPv4
        if localKinds >> ofFamily & 1 != 0 { tryPair(SelectorPair(peer: peer, local: ofFamily)) }
        if localKinds & 1 != 0 { tryPair(SelectorPair(peer: peer)) }
    }

    @inline(__always)
    private mutating func tryPair(_ pair: SelectorPair) {
        let hash = pair.hash
        let page = PairDirectory.page(
            at: PairDirectory.page(of: hash, pageCount, mask: mask), of: header, pageCount,
            in: memory)
        guard let slot = PairPage.slot(of: pair, hash: hash, in: page, memory) else { return }
        trySlot(slot, of: page)
    }

    @inline(__always)
    private mutating func trySlot(_ slot: Int, of page: BlockRef) {
        guard memory.stepOrder(page, at: slot &+ 2) <= best.order else { return }
        let flags = memory.word(page, slot &+ 5)
        if flags & PairPage.isBucket == 0 {
            if admits(page, at: slot &+ 2) { take(page, at: slot &+ 2) }
        } else {
            let bucket = BlockRef(line: memory.word(page, slot &+ 4))
            flags & PairPage.isPaged == 0 ? tryLeaf(bucket) : tryPages(bucket)
        }
    }

    private mutating func tryPages(_ bucket: BlockRef) {
        for place in 0..<Int(memory.word(bucket, 0)) {
            guard RuleBucket.firstOrder(ofPage: place, of: bucket, in: memory) <= best.order else {
                return
            }
            tryLeaf(RuleBucket.page(place, of: bucket, in: memory))
        }
    }

    @inline(__always)
    private mutating func tryLeaf(_ leaf: BlockRef) {
        let end = RuleBucket.stepWord(Int(memory.word(leaf, 0)))
        var place = RuleBucket.firstStep
        while place < end {
            if admits(leaf, at: place) { return take(leaf, at: place) }
            place &+= RuleStep.wordCount
        }
    }

    /// Whether the step at word `place` of a block admits the packet's protocol and ports.
    @inline(__always)
    private func admits(_ block: BlockRef, at place: Int) -> Bool {
        let flags = memory.word(block, place &+ 3)
        let destination = memory.word(block, place &+ 4)
        let source = memory.word(block, place &+ 5)
        // 1 where a field is in range; an unknown port is in none.
        let ofProtocol = isIn(packet.ipProtocol, flags & 0xFF, flags >> 8 & 0xFF)
        let ofDestination = isIn(packet.destination, destination & 0xFFFF, destination >> 16)
        let ofSource = isIn(packet.source, source & 0xFFFF, source >> 16)
        let anyDestination = flags & RuleTest.anyDestination != 0
        let anySource = flags & RuleTest.anySource != 0
        return ofProtocol && (ofDestination || anyDestination) && (ofSource || anySource)
    }

    @inline(__always)
    private func isIn(_ value: UInt32, _ lower: UInt32, _ upper: UInt32) -> Bool {
        value &- lower <= upper &- lower
    }

    /// Makes the step at word `place` of a block the best, if it is tried before the best so far.
    @inline(__always)
    private mutating func take(_ block: BlockRef, at place: Int) {
        let order = memory.stepOrder(block, at: place)
        let rule = memory.word(block, place &+ 2)
        guard
            order < best.order || isTie(order, rule) && names.precedes(rule, best.rule, in: memory)
        else { return }
        best = Match(
            order: order, rule: rule,
            code: RuleTest.outcomeCode(of: memory.word(block, place &+ 3)))
    }

    @inline(__always)
    private func isTie(_ order: RuleOrder, _ rule: UInt32) -> Bool {
        order == best.order && rule != best.rule && rule != RuleStep.noRule
            && best.rule != RuleStep.noRule
    }
}
