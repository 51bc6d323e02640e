/// Looks for the records of many addresses at a time, a step for all of them and then the next, which reads
/// what the one before touched.
extension RangeMap {
    /// Puts the words of addresses' records into lanes: of the addresses `addressOffset` bytes behind the beginning of
    /// each to `offset` bytes behind it. Returns how many were found before one that was not entered.
    func findRecords(
        laneCount: Int, addressOffset: Int, to offset: Int, _ pool: MergedMemory
    ) -> Int {
        let lanes = WideTable.lanes &+ offset
        let addresses = WideTable.lanes &+ addressOffset
        guard hasLines(pool) else {
            findPlaces(laneCount, addresses, lanes, pool)
            return readPlaces(laneCount, lanes, pool)
        }
        if hasNodes(pool) {
            findNodes(laneCount, addresses, lanes, pool)
        } else {
            findLines(laneCount, addresses, lanes, pool)
        }
        return readLines(laneCount, addresses, lanes, pool)
    }

    // MARK: Without lines

    private func findPlaces(
        _ laneCount: Int, _ addresses: Int, _ lanes: Int, _ pool: MergedMemory
    ) {
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let address = pool.word(at: addresses &+ offset)
            let place = RangeMap.place(in: root(of: address, pool), rest: address & 0xFFFF)
            pool.touch(Int(place))
            pool.setWord(at: lanes &+ offset, place)
        }
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let address = pool.word(at: addresses &+ offset)
            let word = pool.word(at: Int(pool.word(at: lanes &+ offset)))
            let place = RangeMap.place(in: word, rest: address & 0xFF)
            pool.touch(Int(place))
            pool.setWord(at: lanes &+ offset, place)
        }
    }

    /// The place of the word that what is left of an address leads to, or of a record that was found already.
    @inline(__always)
    private static func place(in word: UInt32, rest: UInt32) -> UInt32 {
        word & ~63 &+ (rest &>> word) &<< 2
    }

    private func readPlaces(_ laneCount: Int, _ lanes: Int, _ pool: MergedMemory) -> Int {
        for index in 0..<laneCount {
            let lane = lanes &+ WideTable.laneByteCount &* index
            let word = pool.word(at: Int(pool.word(at: lane)))
            guard RangeMap.isKnown(word) else { return index }
            pool.setWord(at: lane, word)
        }
        return laneCount
    }

    // MARK: With lines

    private func findNodes(
        _ laneCount: Int, _ addresses: Int, _ lanes: Int, _ pool: MergedMemory
    ) {
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let address = pool.word(at: addresses &+ offset)
            let word = root(of: address, pool)
            pool.touch(RangeMap.place(in: word, octet: address &>> 8))
            pool.setWord(at: lanes &+ offset, word)
        }
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let address = pool.word(at: addresses &+ offset)
            let word = RangeMap.word(
                in: pool.word(at: lanes &+ offset), octet: address &>> 8, pool)
            pool.touch(RangeMap.place(in: word, octet: address))
            pool.setWord(at: lanes &+ offset, word)
        }
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let address = pool.word(at: addresses &+ offset)
            let word = RangeMap.word(in: pool.word(at: lanes &+ offset), octet: address, pool)
            pool.touch(RangeMap.record(of: word))
            pool.setWord(at: lanes &+ offset, word)
        }
    }

    private func findLines(
        _ laneCount: Int, _ addresses: Int, _ lanes: Int, _ pool: MergedMemory
    ) {
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let word = root(of: pool.word(at: addresses &+ offset), pool)
            pool.touch(RangeMap.record(of: word))
            pool.setWord(at: lanes &+ offset, word)
        }
    }

    private func readLines(
        _ laneCount: Int, _ addresses: Int, _ lanes: Int, _ pool: MergedMemory
    ) -> Int {
        for index in 0..<laneCount {
            let offset = WideTable.laneByteCount &* index
            let address = pool.word(at: addresses &+ offset)
            let word = RangeMap.end(of: pool.word(at: lanes &+ offset), for: address, pool)
            guard RangeMap.isKnown(word) else { return index }
            pool.setWord(at: lanes &+ offset, word)
        }
        return laneCount
    }

    /// The place in a node of the word for the low octet of `octet`; the beginning of what is no node.
    @inline(__always)
    private static func place(in word: UInt32, octet: UInt32) -> Int {
        Int(word & ~63 &+ ((octet & 0xFF) &<< 2) &>> (word & isNoNode))
    }

    /// The word for the low octet of `octet` in a node; what is no node stays.
    @inline(__always)
    private static func word(in word: UInt32, octet: UInt32, _ pool: MergedMemory) -> UInt32 {
        let shift = UInt64(word & isNoNode) &<< 1
        let found = pool.word(at: place(in: word, octet: octet))
        return UInt32(truncatingIfNeeded: (UInt64(word) &<< 32 | UInt64(found)) &>> shift)
    }

    /// The word of the record of an address that a word has led to; what is no line stays.
    @inline(__always)
    private static func end(
        of word: UInt32, for address: UInt32, _ pool: MergedMemory
    ) -> UInt32 {
        let shift = UInt64(word & isRecordFlag)
        let line = Int(truncatingIfNeeded: UInt64(word & ~63) &>> shift)
        let keys = UInt64(address & 0xFFFF) &* thirds
        // Of each last address whether the key is not behind it.
        let first = (pool.word64(at: line) &- keys) &>> 16 & thirds
        let second = (pool.word64(at: line &+ 8) &- keys) &>> 16 & thirds
        let third = (pool.word64(at: line &+ 16) &- keys) &>> 16 & thirds
        let count = ((first &+ second &+ third) &* thirds) &>> 42 & 0xF
        let found = pool.word(at: line &+ firstWord &+ Int(truncatingIfNeeded: count) &<< 2)
        return UInt32(truncatingIfNeeded: (UInt64(word) &<< 32 | UInt64(found)) &>> shift)
    }
}
