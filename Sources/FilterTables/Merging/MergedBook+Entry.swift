extension MergedBook {
    /// What is known about one set of tables.
    struct Entry {
        var stamps = InlineArray<8, UInt64>(repeating: 0)
        var tableCount = 0
        /// Decisions asked for since this is the entry of these tables.
        var decisionCount = 0
        /// Whether the tables have too many steps, or need more room than there is.
        var isTooLarge = false
        var merged: MergedTable?
        var wide: WideTable?
        /// The tables that it was made of, alive as long as `base` has their version.
        var tables = TableSet()
        /// Whether these are tables of the version that decides.
        var isCurrent = false
        /// What it goes on from, when the tables have changed since.
        var base: Base?
        /// Decisions since it was made, and since the tables changed.
        var decisionsSinceMade = 0
        var decisionsSinceEdit = 0

        /// Tables that have been asked as often can be replaced within some thousand decisions more.
        private static let greatestDecisionCount = 1 << 18
        /// Tables that have decided so often for each of their steps are made again at once: making takes about as long.
        private static let worthwhileDecisionsPerStep = 256
        /// What has a base is made anew when nothing has changed for so many decisions for each step.
        private static let steadyDecisionsPerStep = 4096

        var isMade: Bool { merged != nil || wide != nil }

        private var stepCount: Int { merged?.stepCount ?? wide?.stepCount ?? 0 }

        /// Counts decisions by the tables of the version that decides.
        mutating func count(_ decisions: Int) {
            isCurrent = true
            decisionCount = min(decisionCount + decisions, Entry.greatestDecisionCount)
            decisionsSinceMade &+= decisions
            decisionsSinceEdit &+= decisions
            guard base != nil, decisionsSinceEdit > Entry.steadyDecisionsPerStep * stepCount else {
                return
            }
            unmake()
        }

        /// Forgets what was made, but not for what.
        mutating func unmake() {
            if decisionsSinceMade < Entry.worthwhileDecisionsPerStep * stepCount {
                decisionCount = 0
            }
            merged = nil
            wide = nil
            base = nil
        }

        /// Where the entry of the tables with some stamps is.
        static func place(ofStamps stamps: InlineArray<8, UInt64>, count: Int) -> Int {
            var mixed: UInt64 = 0
            for table in 0..<count { mixed = (mixed ^ stamps[table]) &* 0x9E37_79B9_7F4A_7C15 }
            return Int(truncatingIfNeeded: mixed &>> 58)
        }
    }
}
