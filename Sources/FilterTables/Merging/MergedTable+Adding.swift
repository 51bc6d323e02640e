/// Steps that are added to a table which is edited.
///
/// Addresses in the blocks of such a step have classes of their own from then on: of each class that maps know there, the
/// steps and this one more. No pair of these classes has answers yet.
extension MergedTable {
    /// Adds a step for IPv4 packets.
    ///
    /// - Precondition: ``beginEditing(_:in:)``.
    /// - Complexity: O(steps + addresses of its blocks that maps have halves for).
    mutating func addStep(
        _ step: RuleStep, _ addresses: RuleEdit.AddressPair, isEgress: Bool,
        _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Adding {
        guard mapped.isMapped, addedCount < MergedTable.addedCapacity,
            !hasStep(at: step.order, pool),
            let test = ports.number(of: step.test, pool)
        else { return .impossible }
        let number = stepCount + 1 + addedCount
        set(number, to: step, in: pool)
        pool.setHalf(at: ports.testOfStep + 2 * number, UInt16(test))
        let blocks = addedBlocks + 16 * addedCount
        pool.setWord(at: blocks, addresses.source.network)
        pool.setWord(at: blocks + 4, addresses.source.mask)
        pool.setWord(at: blocks + 8, addresses.destination.network)
        pool.setWord(at: blocks + 12, addresses.destination.mask)
        addedCount += 1
        self.isEgress = isEgress
        guard split(addresses.source, by: number, ofSources: true, &room, pool),
            split(addresses.destination, by: number, ofSources: false, &room, pool)
        else { return .noRoom }
        // Then no class is a new one.
        if addresses.source.mask == 0, addresses.destination.mask == 0 {
            pairs.removeAll(in: pool)
        }
        return .added(number)
    }

    /// What came of adding a step.
    enum Adding {
        /// It has this number.
        case added(Int)
        /// The table is as it was.
        case impossible
        /// The table may only be dropped.
        case noRoom
    }

    /// Whether some step comes at an order.
    private func hasStep(at order: RuleOrder, _ pool: MergedMemory) -> Bool {
        (0..<stepCount + 1 + addedCount).contains {
            pool.word64(at: orders + 8 * $0) == order.rawValue
        }
    }

    // MARK: Classes

    /// Sets the bits of those steps in a row that all addresses of a side have.
    func addOpenSteps(toRow row: Int, ofLocal: Bool, _ pool: MergedMemory) {
        let isOfSources = ofLocal == isEgress
        for index in 0..<addedCount where addedBlock(index, ofSources: isOfSources, pool).mask == 0
        {
            pool.setBit(stepCount + 1 + index, ofRow: row)
        }
    }

    /// Whether a step that was added names some addresses of a side and not all.
    func hasAddedBlocks(ofSources: Bool, _ pool: MergedMemory) -> Bool {
        (0..<addedCount).contains { addedBlock($0, ofSources: ofSources, pool).mask != 0 }
    }

    private func addedBlock(
        _ index: Int, ofSources: Bool, _ pool: MergedMemory
    ) -> RuleEdit.AddressMask {
        let place = addedBlocks + 16 * index + (ofSources ? 0 : 8)
        return RuleEdit.AddressMask(
            network: pool.word(at: place), mask: pool.word(at: place + 4))
    }

    /// Gives addresses that were just entered to a map the classes of the steps that were added; whether there was room.
    mutating func splitAdded(
        _ addresses: ClosedRange<UInt32>, ofSources: Bool, _ room: inout MergedRoom,
        _ pool: MergedMemory
    ) -> Bool {
        for index in 0..<addedCount {
            let block = addedBlock(index, ofSources: ofSources, pool)
            guard block.mask != 0, block.addresses.overlaps(addresses) else { continue }
            let common = block.addresses.clamped(to: addresses)
            var splitting = ClassSplitting(
                step: stepCount + 1 + index, ofSources: ofSources, isOfLocal: ofSources == isEgress)
            guard split(common, &splitting, &room, pool) else { return false }
        }
        return true
    }

    private mutating func split(
        _ block: RuleEdit.AddressMask, by step: Int, ofSources: Bool,
        _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> Bool {
        let isOfLocal = ofSources == isEgress
        guard block.mask == 0 else {
            var splitting = ClassSplitting(step: step, ofSources: ofSources, isOfLocal: isOfLocal)
            return split(block.addresses, &splitting, &room, pool)
        }
        let rows = isOfLocal ? locals : peers
        for number in 0..<rows.count { pool.setBit(step, ofRow: rows.place(of: number, pool)) }
        return true
    }

    private mutating func split(
        _ addresses: ClosedRange<UInt32>, _ splitting: inout ClassSplitting,
        _ room: inout MergedRoom, _ pool: MergedMemory
    ) -> Bool {
        var walk = ClassMap.Walk(addresses)
        while true {
            // A map may move when it gets a node.
            let half =
                splitting.ofSources
                ? sourceMap.next(&walk, &room, in: pool)
                : destinationMap.next(&walk, &room, in: pool)
            switch half {
            case .end: return true
            case .noRoom: return false
            case .number(let old, let place):
                guard let new = number(of: old, &splitting, &room, pool) else { return false }
                let isSet =
                    splitting.ofSources
                    ? sourceMap.set(place, to: new, in: pool)
                    : destinationMap.set(place, to: new, in: pool)
                guard isSet else { return false }
            }
        }
    }

    /// The class of the addresses of another that have one step more.
    private mutating func number(
        of old: UInt32, _ splitting: inout ClassSplitting, _ room: inout MergedRoom,
        _ pool: MergedMemory
    ) -> UInt32? {
        if let last = splitting.last, last.old == old { return last.new }
        let rows = splitting.isOfLocal ? locals : peers
        guard let row = rows.makeRow(&room, in: pool) else { return nil }
        pool.copy(byteCount: rows.byteCount, from: rows.place(of: Int(old), pool), to: row)
        pool.setBit(splitting.step, ofRow: row)
        let number =
            splitting.isOfLocal
            ? locals.number(of: row, &room, in: pool) : peers.number(of: row, &room, in: pool)
        guard let number,
            pairs.reserve(peers: peers.count, locals: locals.count, &room, in: pool)
        else { return nil }
        splitting.last = (old, UInt32(number))
        return UInt32(number)
    }
}

/// A step that addresses get on one side.
private struct ClassSplitting {
    let step: Int
    let ofSources: Bool
    let isOfLocal: Bool
    /// The class met last, and what it became.
    var last: (old: UInt32, new: UInt32)?
}

extension RuleEdit.AddressMask {
    /// The addresses of the block.
    var addresses: ClosedRange<UInt32> { network...network | ~mask }
}
