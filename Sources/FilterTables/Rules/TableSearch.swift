/// One look-up in one table.
///
/// Which pages may hold which of the packet's pairs is found without branches on what they hold, so that
/// their loads overlap; then the few that do are looked at.
struct TableSearch {
    let memory: BlockMemory
    let header: BlockRef
    let packet: ClassedPacket
    let names: RuleNames
    let shape: UInt32
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
        shape = memory.word(header, RuleTable.shapeWord)
        pageCount = PairDirectory.pageCount(
            ofPairs: Int(memory.word(header, RuleTable.pairCountWord)))
        mask = PairDirectory.mask(pageCount)
        self.best = best
    }

    /// The wide selector of the packet's family.
    @inline(__always)
    private var ofFamily: SelectorID {
        packet.isIPv6 ? WideSelector.anyIPv6 : WideSelector.anyIPv4
    }

    /// Bits for the kinds of local selectors in pairs with peers of a kind.
    @inline(__always)
    private func localKinds(ofPeerKind kind: SelectorID) -> UInt32 { shape >> (4 &* kind) & 0xF }

    // MARK: Candidates

    /// Tries all pairs of the packet's selectors, chains longer than the scratch piece by piece.
    @inline(__always)
    mutating func run(_ scratch: inout TableScratch) {
        let hasNamedLocals = shape & 0x8888 != 0
        var local = ChainPlace(hasNamedLocals ? packet.localClass : 0)
        repeat {
            addLocals(from: &local, to: &scratch.locals)
            var peer = ChainPlace(localKinds(ofPeerKind: 3) != 0 ? packet.peerClass : 0)
            repeat {
                addPeers(from: &peer, to: &scratch.peers)
                probePeers(of: &scratch)
                tryHits(of: &scratch)
            } while !peer.isAtEnd
        } while !local.isAtEnd
    }

    @inline(__always)
    private func addLocals(from place: inout ChainPlace, to side: inout TableScratch.Side) {
        side.namedCount = 0
        while !place.isAtEnd, side.namedCount < TableScratch.Side.namedCapacity {
            let selector = next(&place)
            side.selectors[side.namedCount] = selector
            side.hashes[side.namedCount] = SelectorPair.hash(ofLocal: selector)
            side.namedCount &+= 1
        }
        // Wide selectors take part once, with the chain's end.
        side.count = side.namedCount
        guard place.isAtEnd else { return }
        if shape & 0x1111 << ofFamily != 0 {
            side.add(ofFamily, SelectorPair.hash(ofLocal: ofFamily))
        }
        if shape & 0x1111 != 0 {
            side.add(WideSelector.any, SelectorPair.hash(ofLocal: WideSelector.any))
        }
    }

    @inline(__always)
    private func addPeers(from place: inout ChainPlace, to side: inout TableScratch.Side) {
        side.namedCount = 0
        while !place.isAtEnd, side.namedCount < TableScratch.Side.namedCapacity {
            let selector = next(&place)
            side.selectors[side.namedCount] = selector
            side.hashes[side.namedCount] = SelectorPair.hash(ofPeer: selector)
            side.namedCount &+= mayHavePeer(selector)
        }
        side.count = side.namedCount
        guard place.isAtEnd else { return }
        if localKinds(ofPeerKind: ofFamily) != 0 {
            side.add(ofFamily, SelectorPair.hash(ofPeer: ofFamily))
        }
        if localKinds(ofPeerKind: WideSelector.any) != 0 {
            side.add(WideSelector.any, SelectorPair.hash(ofPeer: WideSelector.any))
        }
    }

    /// The member at a place of a chain, and the place moved on.
    @inline(__always)
    private func next(_ place: inout ChainPlace) -> SelectorID {
        let member = memory.member(ofClass: place.addressClass, at: place.member)
        place.member &+= 1
        if place.member == memory.memberCount(ofClass: place.addressClass) {
            place.addressClass = memory.parent(ofClass: place.addressClass)
            place.member = 0
        }
        return member
    }

    /// 1 if the table's filter lets a peer's selector pass, else 0.
    @inline(__always)
    private func mayHavePeer(_ peer: SelectorID) -> Int {
        let word = memory.word(header, RuleTable.filterWord &+ Int(peer >> 5 & 7))
        return Int(word >> (peer & 31) & 1)
    }

    @inline(__always)
    private mutating func probePeers(of scratch: inout TableScratch) {
        for peer in 0..<scratch.peers.count {
            let isNamed = peer < scratch.peers.namedCount
            let kinds = localKinds(ofPeerKind: isNamed ? 3 : scratch.peers.selectors[peer])
            let first = kinds & 8 != 0 ? 0 : scratch.locals.namedCount
            let end = kinds & 7 != 0 ? scratch.locals.count : scratch.locals.namedCount
            if scratch.hitCount &+ end > 64 {
                tryHits(of: &scratch)
            }
            let hash = scratch.peers.hashes[peer]
            var local = first
            while local < end {
                let page = page(of: hash ^ scratch.locals.hashes[local])
                let isHit = PairPage.mayHold(hash ^ scratch.locals.hashes[local], page, memory)
                scratch.hits[scratch.hitCount] =
                    UInt64(page.line) << 32 | UInt64(peer) << 16 | UInt64(local)
                scratch.hitCount &+= isHit ? 1 : 0
                local &+= 1
            }
        }
    }

    @inline(__always)
    private func page(of hash: UInt64) -> BlockRef {
        PairDirectory.page(
            at: PairDirectory.page(of: hash, pageCount, mask: mask), of: header, pageCount,
            in: memory)
    }

    private mutating func tryHits(of scratch: inout TableScratch) {
        for place in 0..<scratch.hitCount {
            let hit = scratch.hits[place]
            let (peer, local) = (Int(hit >> 16 & 0xFFFF), Int(hit & 0xFFFF))
            let pair = SelectorPair(
                peer: scratch.peers.selectors[peer], local: scratch.locals.selectors[local])
            let hash = scratch.peers.hashes[peer] ^ scratch.locals.hashes[local]
            let page = BlockRef(line: UInt32(hit >> 32))
            if let slot = PairPage.slot(of: pair, hash: hash, in: page, memory) {
                trySlot(slot, of: page)
            }
        }
        scratch.hitCount = 0
    }
}
