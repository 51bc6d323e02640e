extension MergedTable {
    /// The number of a class, made if it is not there yet; `nil` when there is too little room.
    ///
    /// Classes that no rule of these tables tells apart, as most of a fleet's are, have one number.
    ///
    /// - Complexity: O(1) when it is there; else O(steps / 64 + members of the class's chain · log steps).
    mutating func number(
        of key: ClassKey, _ memory: BlockMemory, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> UInt32? {
        if let number = classes.value(of: key.bits, pool) { return number }
        let made = key.isOfLocal ? locals.makeRow(&room, in: pool) : peers.makeRow(&room, in: pool)
        guard let made else { return nil }
        let members = key.isOfLocal ? localMembers : peerMembers
        add(WideSelector.any, of: members, to: made, pool)
        add(key.ofFamily, of: members, to: made, pool)
        addChain(of: key.addressClass, of: members, to: made, memory, pool)
        addOpenSteps(toRow: made, ofLocal: key.isOfLocal, pool)
        let number =
            key.isOfLocal
            ? locals.number(of: made, &room, in: pool) : peers.number(of: made, &room, in: pool)
        guard let number,
            pairs.reserve(peers: peers.count, locals: locals.count, &room, in: pool),
            classes.insert(UInt32(number), for: key.bits, &room, pool)
        else { return nil }
        return UInt32(number)
    }

    private func addChain(
        of addressClass: BlockRef, of members: MemberList, to row: Int, _ memory: BlockMemory,
        _ pool: MergedMemory
    ) {
        var addressClass = addressClass
        while !addressClass.isNone {
            for place in 0..<memory.memberCount(ofClass: addressClass) {
                let selector = memory.member(ofClass: addressClass, at: place)
                add(selector, of: members, to: row, pool)
            }
            addressClass = memory.parent(ofClass: addressClass)
        }
    }

    /// Sets the bits of the steps that have a selector.
    private func add(
        _ selector: SelectorID, of members: MemberList, to row: Int, _ pool: MergedMemory
    ) {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if pool.entry(middle, from: members.place).first < selector {
                low = middle + 1
            } else {
                high = middle
            }
        }
        while low < members.count {
            let entry = pool.entry(low, from: members.place)
            guard entry.first == selector else { return }
            pool.setBit(Int(truncatingIfNeeded: entry.second), ofRow: row)
            low += 1
        }
    }
}
