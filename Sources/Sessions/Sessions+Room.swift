/// Finding room for a new flow in its shard.
///
/// In this order: a free place; a new one, while the shard is small; a place whose flow is over,
/// among the next few that the hand passes; a new one, up to the share; the flow that was not used
/// for the longest time.
///
/// Small shards give nothing up before they have to, so whether a session is alive depends on its own
/// packets alone, even if the capture's clock jumps about.
extension Sessions {
    /// Below this number of places a shard grows rather than look for flows that are over: 65,536
    /// flows in all shards take 6 MB.
    private static let freeGrowth = 256
    /// How many records the hand passes for each new flow.
    private static let handSteps = 8

    /// Keeps a record where its shard has room, and returns its place; nothing is kept if the share is 0.
    mutating func keep(_ record: SessionRecord, inShard shard: Int) -> Int? {
        guard let index = room(inShard: shard) else {
            if record.state == .tracked { counts.evicted += 1 }
            return nil
        }
        table.place(record, at: index)
        return index
    }

    private mutating func room(inShard shard: Int) -> Int? {
        if let index = shards[shard].takeFree(in: table) { return index }
        let share = shards[shard].share
        if shards[shard].placeCount < min(share, Sessions.freeGrowth) {
            shards[shard].appendPlace(in: &table)
            return shards[shard].takeFree(in: table)
        }
        passHand(overShard: shard)
        if let index = shards[shard].takeFree(in: table) { return index }
        if shards[shard].placeCount < share {
            shards[shard].appendPlace(in: &table)
        } else if share > 0 {
            evictOldest(ofShard: shard)
        }
        return shards[shard].takeFree(in: table)
    }

    /// Gives free, among the next records, those of flows that are over by the shard's clock.
    private mutating func passHand(overShard shard: Int) {
        let placeCount = shards[shard].placeCount
        for _ in 0..<min(Sessions.handSteps, placeCount) {
            let next = shards[shard].hand + 1
            shards[shard].hand = next < placeCount ? next : 0
            let index = shards[shard].index(ofPlace: shards[shard].hand)
            let record = table.records[index]
            switch record.state {
            case .free:
                break
            case .ended:
                free(index, ofShard: shard)
            case .tracked, .untracked, .untrackedStale:
                guard rules.isIdle(record, at: clocks[shard]) else { break }
                if record.state == .tracked { counts.expired += 1 }
                free(index, ofShard: shard)
            }
        }
    }

    private mutating func evictOldest(ofShard shard: Int) {
        var victims = VictimQueue()
        swap(&victims, &shards[shard].victims)
        var index = victims.removeOldest(from: table)
        while index == nil {
            victims.search(shards[shard], in: table)
            index = victims.removeOldest(from: table)
        }
        swap(&victims, &shards[shard].victims)
        guard let index else { return }
        if table.records[index].state == .tracked { counts.evicted += 1 }
        free(index, ofShard: shard)
    }

    private mutating func free(_ index: Int, ofShard shard: Int) {
        table.remove(index)
        shards[shard].giveFree(index, in: &table)
    }
}
