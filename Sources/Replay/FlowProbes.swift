internal import Captures
internal import CloudModel
internal import FilterTables

/// The packets of a batch beside the ``FlowMemo``: whose flows it knows, and who owns the addresses of the
/// others.
///
///     slots      │ 17 │ missed 0 │ missed 1 │ missed 0 │ no packet │ …    of each packet of the batch
///     missed          └ leads    └ leads               with owners      the first of each flow
///     followers                             └ follows                   those behind it
///
/// In memory that is used again and again.
struct FlowProbes {
    /// For each packet the slot of its flow; or ``isMissed`` and a place in ``missed``; or ``noPacket``.
    private(set) var slots: [UInt32] = []
    /// The packets whose flows are not known: of each flow the first, as a rule.
    private(set) var missed: [Missed] = []
    private var missedHeaders: [PacketHeader] = []
    /// The places of the packets whose flows are not known, and of frames without one.
    private var unknown: [Int] = []
    /// For each of ``missed`` the owners of its addresses.
    private(set) var owners: [OwnerPair] = []
    /// The packets of flows that one of ``missed`` stands for.
    private(set) var followers: [Follower] = []
    /// By a part of the slots' numbers where in ``missed`` the flow's first packet may be: the header there tells.
    private var leads = Array(repeating: UInt32(0), count: leadCount)

    private var usage = MemoUsage()

    static let isMissed: UInt32 = 1 << 31
    /// A frame without a packet.
    static let noPacket = UInt32.max
    /// A power of two, a few times as many as a batch has flows that are not known.
    private static let leadCount = 1024

    /// A packet whose flow is not known.
    struct Missed {
        /// Its place in the batch.
        let place: Int
        /// The first slot that the flow has in the memo.
        let slot: UInt32
        /// Whether the memo can know its flow from now on.
        var isKept: Bool
    }

    /// A packet whose flow another one before it in the batch has as well.
    struct Follower {
        /// Its place in the batch.
        let place: Int
        /// The place of that other packet in ``FlowProbes/missed``.
        let leader: Int
    }

    /// The slot that knew the flow of the packet at `place`, if one did.
    func knownSlot(of place: Int) -> Int? {
        guard place < slots.count, slots[place] < FlowProbes.isMissed else { return nil }
        return Int(slots[place])
    }

    /// The place in the batch of the packet that the one at `place` follows, if it follows one.
    func leader(of place: Int) -> Int? {
        guard place < slots.count, slots[place] >= FlowProbes.isMissed,
            slots[place] != FlowProbes.noPacket
        else { return nil }
        let leader = missed[Int(slots[place] & ~FlowProbes.isMissed)].place
        return leader == place ? nil : leader
    }

    /// Looks for all packets: look-ups that do not wait for one another. If `isCounting`, those of flows that have
    /// counters are added to `sums`; the places of all others are appended to `answered`.
    mutating func look(
        for frames: borrowing DecodedFrames, in memo: borrowing FlowMemo, isCounting: Bool,
        _ sums: inout [PacketSum], _ answered: inout [Int]
    ) {
        removeAll()
        guard frames.count > 0, usage.isWorthLooking(for: frames.count) else {
            missEach(of: frames.headers)
            answered.append(contentsOf: 0..<frames.count)
            return
        }
        FlowProbes.look(for: frames, in: memo, isCounting, &slots, &unknown, &answered, &sums)
        FlowProbes.findLeaders(
            among: unknown, frames.headers, &slots, &missed, &missedHeaders, &followers, &leads)
        usage.note(newCount: missed.count, of: frames.count)
    }

    /// Writes the slot of each packet's flow, and lists those that are not known.
    private static func look(
        for frames: borrowing DecodedFrames, in memo: borrowing FlowMemo, _ isCounting: Bool,
        _ slots: inout [UInt32], _ unknown: inout [Int], _ answered: inout [Int],
        _ sums: inout [PacketSum]
    ) {
        let (headers, facts) = (frames.headers.span, frames.facts.span)
        var sums = sums.mutableSpan
        slots.append(addingCapacity: headers.count) { slots in
            unknown.append(addingCapacity: headers.count) { unknown in
                answered.append(addingCapacity: headers.count) { answered in
                    for place in headers.indices {
                        var slot = memo.slot(of: headers[place])
                        if !memo.knows(headers[place], inSlot: slot) {
                            guard memo.knows(headers[place], inSlot: slot &+ 1) else {
                                slots.append(UInt32(truncatingIfNeeded: slot) | isMissed)
                                unknown.append(place)
                                answered.append(place)
                                continue
                            }
                            slot &+= 1
                        }
                        slots.append(UInt32(truncatingIfNeeded: slot))
                        let counter = memo.answer(inSlot: slot).counter
                        if isCounting, counter != KnownFlow.noCounter {
                            sums[Int(counter)].add(facts[place])
                        } else {
                            answered.append(place)
                        }
                    }
                }
            }
        }
    }

    /// Finds out which packets of flows that are not known lead others, and which follow one; `unknown` are their
    /// places, and those of frames without a packet.
    ///
    /// Written to room that is there: appending to arrays one by one takes a call each.
    private static func findLeaders(
        among unknown: [Int], _ headers: [PacketHeader], _ slots: inout [UInt32],
        _ missed: inout [Missed], _ missedHeaders: inout [PacketHeader],
        _ followers: inout [Follower], _ leads: inout [UInt32]
    ) {
        let (unknown, headers) = (unknown.span, headers.span)
        var slots = slots.mutableSpan
        var leads = leads.mutableSpan
        missed.append(addingCapacity: headers.count) { missed in
            missedHeaders.append(addingCapacity: headers.count) { missedHeaders in
                followers.append(addingCapacity: headers.count) { followers in
                    for index in unknown.indices {
                        let place = unknown[index]
                        let header = headers[place]
                        guard header.has(PacketHeader.Trait.packet) else {
                            slots[place] = noPacket
                            continue
                        }
                        let slot = slots[place] & ~isMissed
                        let isKept = FlowMemo.holds(header)
                        let lead = Int(slot >> 1) % leadCount
                        let leader = Int(leads[lead])
                        if isKept, leader < missed.count,
                            FlowMemo.isOneFlow(missedHeaders.span[leader], header)
                        {
                            slots[place] = isMissed | UInt32(truncatingIfNeeded: leader)
                            followers.append(Follower(place: place, leader: leader))
                            continue
                        }
                        let number = UInt32(truncatingIfNeeded: missed.count)
                        if isKept { leads[lead] = number }
                        slots[place] = isMissed | number
                        missed.append(Missed(place: place, slot: slot, isKept: isKept))
                        missedHeaders.append(header)
                    }
                }
            }
        }
    }

    private mutating func append(_ packet: Missed, _ header: PacketHeader) {
        slots[packet.place] = FlowProbes.isMissed | UInt32(missed.count)
        missed.append(packet)
        missedHeaders.append(header)
    }

    /// Leaves the memo as it is.
    private mutating func missEach(of headers: [PacketHeader]) {
        slots.append(contentsOf: repeatElement(FlowProbes.noPacket, count: headers.count))
        for place in headers.indices where headers[place].has(PacketHeader.Trait.packet) {
            append(Missed(place: place, slot: 0, isKept: false), headers[place])
        }
    }

    /// Looks for none of `count` packets, and has the memo keep none.
    mutating func missAll(_ count: Int) {
        removeAll()
        for place in 0..<count { missed.append(Missed(place: place, slot: 0, isKept: false)) }
    }

    /// Looks for no packet: those that are missed will be told.
    mutating func begin() { removeAll() }

    /// Adds the packet at a place of the batch, behind those that were missed before.
    mutating func miss(_ place: Int) { missed.append(Missed(place: place, slot: 0, isKept: false)) }

    /// Finds the owners of the packets that were missed.
    mutating func findOwners(in tables: FilterTables) {
        if owners.count < slots.count {
            owners = Array(repeating: .none, count: slots.count)
        }
        FlowProbes.findOwners(of: missedHeaders, in: tables, into: &owners)
        if missed.indices.contains(where: { owners[$0].isUnclear }) { partFromUnclear() }
    }

    /// Has no packet follow one whose owners are not clear: more than the flow tells them.
    private mutating func partFromUnclear() {
        var others: [Follower] = []
        for follower in followers {
            guard owners[follower.leader].isUnclear else {
                others.append(follower)
                continue
            }
            // There is room for all packets of the batch.
            owners[missed.count] = owners[follower.leader]
            append(
                Missed(place: follower.place, slot: 0, isKept: false),
                missedHeaders[follower.leader])
        }
        followers = others
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
        unknown.removeAll(keepingCapacity: true)
        followers.removeAll(keepingCapacity: true)
    }

    /// The spans depend on parameters, which may be accessed side by side, as parts of one value may not.
    private static func findOwners(
        of headers: [PacketHeader], in tables: FilterTables, into owners: inout [OwnerPair]
    ) {
        var room = owners.mutableSpan
        tables.findOwners(of: headers.span, into: &room)
    }
}
