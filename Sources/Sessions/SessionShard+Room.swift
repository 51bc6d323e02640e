/// Finding room for a new flow.
///
/// In this order: a free place; a new one, while the shard is small; a place whose flow is over,
/// among the next few that the hand passes; a new one, up to the share; the flow that was not used
/// for the longest time.
///
/// Small shards give nothing up before they have to, so whether a session is alive depends on its own
/// packets alone, even if the capture's clock jumps about.
extension SessionShard {
    /// Below this number of places a shard grows rather than look for flows that are over: 65,536
    /// flows in all shards take 6 MB.
    private static let freeGrowth = 256
    /// How many records the hand passes for each new flow.
    private static let handSteps = 8

    /// Keeps a record where there is room; nothing is kept if the share is 0.
    mutating func keep(_ record: SessionRecord, _ rules: SessionRules) {
        guard let index = room(for: record, rules) else {
            if record.state == .tracked { counts.evicted += 1 }
            return
        }
        place(record, at: index)
    }

    private mutating func room(for record: SessionRecord, _ rules: SessionRules) -> Int? {
        if let index = takeFree() { return index }
        if records.count < min(share, SessionShard.freeGrowth) {
            appendPlace(record)
            return takeFree()
        }
        passHand(rules)
        if let index = takeFree() { return index }
        if records.count < share {
            appendPlace(record)
        } else if share > 0 {
            evictOldest()
        }
        return takeFree()
    }

    private mutating func takeFree() -> Int? {
        guard firstFree != SessionRecord.noIndex else { return nil }
        let index = Int(firstFree)
        firstFree = records[index].next
        return index
    }

    /// Gives free, among the next records, those of flows that are over by the shard's clock.
    private mutating func passHand(_ rules: SessionRules) {
        for _ in 0..<min(SessionShard.handSteps, records.count) {
            hand = hand + 1 < records.count ? hand + 1 : 0
            switch records[hand].state {
            case .free:
                break
            case .ended:
                free(hand)
            case .tracked, .untracked, .untrackedStale:
                guard let clock, rules.isIdle(records[hand], at: clock) else { break }
                if records[hand].state == .tracked { counts.expired += 1 }
                free(hand)
            }
        }
    }

    private mutating func evictOldest() {
        let index = victims.removeOldest(from: records)
        if records[index].state == .tracked { counts.evicted += 1 }
        free(index)
    }
}
