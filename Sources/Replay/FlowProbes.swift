internal import CloudModel
internal import FilterTables

/// The packets of a batch beside the ``FlowMemo``: whose flows it knows, and who owns the addresses of the
/// others.
///
/// In memory that is used again and again.
struct FlowProbes {
    /// For each packet the slot of its flow, or ``unknown``.
    private(set) var slots: [UInt32] = []
    /// The packets whose flows are not known, in their order.
    private(set) var missed: [Missed] = []
    private var missedHeaders: [PacketHeader] = []
    /// For each of ``missed`` the owners of its addresses.
    private(set) var owners: [OwnerPair] = []

    private var usage = MemoUsage()

    static let unknown = UInt32.max

    /// A packet whose flow is not known.
    struct Missed {
        /// Its place in the batch.
        let place: Int
        /// Whether the memo can know its flow from now on.
        var isKept: Bool
    }

    /// Looks for all packets: look-ups that do not wait for one another.
    mutating func look(for headers: [PacketHeader], in memo: borrowing FlowMemo) {
        removeAll()
        guard usage.isWorthLooking(for: headers.count) else {
            missEach(of: headers)
            return
        }
        FlowProbes.look(for: headers, in: memo, &slots)
        for place in slots.indices where slots[place] == FlowProbes.unknown {
            missed.append(Missed(place: place, isKept: FlowMemo.holds(headers[place])))
            missedHeaders.append(headers[place])
        }
        usage.note(knownCount: headers.count - missed.count, of: headers.count)
    }

    private static func look(
        for headers: [PacketHeader], in memo: borrowing FlowMemo, _ slots: inout [UInt32]
    ) {
        let headers = headers.span
        slots.append(addingCapacity: headers.count) { slots in
            for place in headers.indices {
                let slot = memo.slot(of: headers[place])
                let isKnown = memo.knows(headers[place], inSlot: slot)
                slots.append(isKnown ? UInt32(truncatingIfNeeded: slot) : unknown)
            }
        }
    }

    /// Leaves the memo as it is.
    private mutating func missEach(of headers: [PacketHeader]) {
        for place in headers.indices {
            slots.append(FlowProbes.unknown)
            missed.append(Missed(place: place, isKept: false))
        }
        missedHeaders += headers
    }

    /// Looks for none of `count` packets, and has the memo keep none.
    mutating func missAll(_ count: Int) {
        removeAll()
        for place in 0..<count { missed.append(Missed(place: place, isKept: false)) }
    }

    /// Looks for no packet: those that are missed will be told.
    mutating func begin() { removeAll() }

    /// Adds the packet at a place of the batch, behind those that were missed before.
    mutating func miss(_ place: Int) { missed.append(Missed(place: place, isKept: false)) }

    /// Finds the owners of the packets that were missed.
    mutating func findOwners(in tables: FilterTables) {
        if owners.count < missed.count {
            owners = Array(repeating: .none, count: slots.count)
        }
        FlowProbes.findOwners(of: missedHeaders, in: tables, into: &owners)
    }

    /// Settles who the owners of a packet are that was missed, for itself alone.
    mutating func settle(_ index: Int, by sites: EvaluationSites) {
        owners[index] = OwnerPair(
            source: sites.egress.map { UInt32($0) } ?? OwnerPair.nobody,
            destination: sites.ingress.map { UInt32($0) } ?? OwnerPair.nobody)
        missed[index].isKept = false
    }

    private mutating func removeAll() {
        slots.removeAll(keepingCapacity: true)
        missed.removeAll(keepingCapacity: true)
        missedHeaders.removeAll(keepingCapacity: true)
    }

    /// The spans depend on parameters, which may be accessed side by side, as parts of one value may not.
    private static func findOwners(
        of headers: [PacketHeader], in tables: FilterTables, into owners: inout [OwnerPair]
    ) {
        var room = owners.mutableSpan
        tables.findOwners(of: headers.span, into: &room)
    }
}

/// Whether looking for flows pays: not where most packets are of flows that nobody saw before, as in a scan,
/// or where calls change the tables all the time.
private struct MemoUsage {
    private var packetCount = 0
    private var knownCount = 0
    /// How many packets are not looked for.
    private var skipCount = 0

    private static let trialLength = 4096
    private static let pauseLength = 7 * trialLength

    /// Whether to look for the next packets.
    mutating func isWorthLooking(for count: Int) -> Bool {
        guard skipCount > 0 else { return true }
        skipCount -= count
        return false
    }

    /// Notes how many packets were known; when less than a quarter is, the next ones are not looked for.
    mutating func note(knownCount: Int, of packetCount: Int) {
        self.knownCount += knownCount
        self.packetCount += packetCount
        guard self.packetCount >= MemoUsage.trialLength else { return }
        if 4 * self.knownCount < self.packetCount { skipCount = MemoUsage.pauseLength }
        (self.packetCount, self.knownCount) = (0, 0)
    }
}
