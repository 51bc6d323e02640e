internal import Captures
internal import CloudModel
internal import FilterTables

/// Where packets are evaluated.
extension Evaluator {
    /// Makes the frames' answers and the queries that they need.
    mutating func place(_ frames: borrowing DecodedFrames, _ placement: Placement) {
        switch placement {
        case .byAddress(let vpc):
            if owners.count < frames.count {
                owners = Array(repeating: .none, count: frames.count)
            }
            Evaluator.findOwners(of: frames.headers, in: fleet.tables, into: &owners)
            for index in 0..<frames.count { placeByAddress(index, of: frames, vpc) }
        case .bound(let interface, let direction):
            for index in 0..<frames.count {
                placeBound(index, of: frames, interface, direction)
            }
        }
    }

    /// Finds the owners of whole arrays; see ``decide(_:with:into:)``.
    private static func findOwners(
        of headers: [PacketHeader], in tables: FilterTables, into owners: inout [OwnerPair]
    ) {
        var room = owners.mutableSpan
        tables.findOwners(of: headers.span, into: &room)
    }

    @inline(__always)
    private mutating func placeByAddress(
        _ index: Int, of frames: borrowing DecodedFrames, _ vpc: VPCID?
    ) {
        let header = frames.headers[index]
        let first = evaluations.count
        var failure = Reason.noInterface
        if !header.has(PacketHeader.Trait.packet) {
            failure = frames.facts[index].failure ?? .malformed
        } else if owners[index].isUnclear {
            failure = addQueriesOfUnclearOwners(index, of: frames, vpc)
        } else {
            let owners = owners[index]
            if owners.source != OwnerPair.nobody { addQuery(header, owners.source, isEgress: true) }
            if owners.destination != OwnerPair.nobody {
                addQuery(header, owners.destination, isEgress: false)
            }
        }
        answers.append(
            FrameAnswer(reason: failure, firstEvaluation: first, end: evaluations.count))
    }

    /// Appends the queries for a packet one of whose addresses several interfaces may own; the result
    /// is the answer's reason if there are none.
    @inline(never)
    private mutating func addQueriesOfUnclearOwners(
        _ index: Int, of frames: borrowing DecodedFrames, _ vpc: VPCID?
    ) -> Reason {
        guard let packet = frames.packet(at: index) else { return .noInterface }
        let facts = frames.facts[index]
        let sites = fleet.tables.sites(
            for: packet, sourceMAC: facts.sourceMAC, destinationMAC: facts.destinationMAC, vpc: vpc)
        if let failure = sites.failure { return failure }
        let header = frames.headers[index]
        if let interface = sites.egress { addQuery(header, UInt32(interface), isEgress: true) }
        if let interface = sites.ingress { addQuery(header, UInt32(interface), isEgress: false) }
        return .noInterface
    }

    private mutating func placeBound(
        _ index: Int, of frames: borrowing DecodedFrames, _ interface: Int, _ direction: Direction?
    ) {
        let header = frames.headers[index]
        let first = evaluations.count
        var failure = Reason.noInterface
        if !header.has(PacketHeader.Trait.packet) {
            failure = frames.facts[index].failure ?? .malformed
        } else if let direction {
            addQuery(header, UInt32(interface), isEgress: direction == .egress)
        } else if fleet.tables.owns(header.source, interface: interface) {
            addQuery(header, UInt32(interface), isEgress: true)
        } else if fleet.tables.owns(header.destination, interface: interface) {
            addQuery(header, UInt32(interface), isEgress: false)
        }
        answers.append(
            FrameAnswer(reason: failure, firstEvaluation: first, end: evaluations.count))
    }

    @inline(__always)
    private mutating func addQuery(
        _ header: PacketHeader, _ interface: UInt32, isEgress: Bool
    ) {
        if header.has(PacketHeader.Trait.fragment) { batchHasFragments = true }
        queries.append(Query(header, at: interface, isEgress: isEgress))
        evaluations.append(Evaluation(interface, isEgress: isEgress))
    }
}
