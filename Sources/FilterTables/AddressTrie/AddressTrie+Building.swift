extension AddressTrie {
    /// A prefix and what an address gets whose longest prefix it is.
    struct Assignment {
        let prefix: AddressPrefix
        /// Below 2³¹.
        let value: UInt32
    }

    /// The trie of `assignments`; addresses outside them all have the value 0.
    ///
    /// - Precondition: the prefixes are distinct and ascend.
    /// - Complexity: O(*n* · octets).
    init(_ assignments: [Assignment]) {
        var rest = assignments[...]
        var outside: UInt32 = 0
        if let first = rest.first, first.prefix.length == 0 {
            outside = first.value
            rest = rest.dropFirst()
        }
        if rest.isEmpty {
            let root = reserveNode()
            fill(
                root, depth: 0, path: AddressPrefix.none, comparesPath: false, offPath: outside,
                slots: Array(repeating: outside, count: 256))
        } else {
            _ = addNode(for: rest, below: 0, outside: outside)
        }
    }

    /// Adds the node for prefixes that all agree in the octets before `depth` and end behind it, and
    /// the nodes under it. Gives its number.
    private mutating func addNode(
        for assignments: ArraySlice<Assignment>, below depth: Int, outside: UInt32
    ) -> UInt32 {
        let node = reserveNode()
        let ownDepth = commonDepth(of: assignments, from: depth)
        var slots = Array(repeating: outside, count: 256)
        var index = assignments.startIndex
        while index < assignments.endIndex {
            let (prefix, value) = (assignments[index].prefix, assignments[index].value)
            let slot = prefix.octet(at: ownDepth)
            let freeBits = 8 * (ownDepth + 1) - Int(prefix.length)
            if freeBits >= 0 {
                for covered in slot..<slot + 1 << freeBits { slots[covered] = value }
                index += 1
                continue
            }
            // A covering prefix comes before what it covers, so the slot already has the value
            // that addresses outside the child's prefixes get.
            let end =
                assignments[index...].firstIndex { candidate in
                    candidate.prefix.octet(at: ownDepth) != slot
                } ?? assignments.endIndex
            let child = addNode(
                for: assignments[index..<end], below: ownDepth + 1, outside: slots[slot])
            slots[slot] = child | AddressTrie.childFlag
            index = end
        }
        fill(
            node, depth: ownDepth, path: assignments[assignments.startIndex].prefix,
            comparesPath: ownDepth > depth, offPath: outside, slots: slots)
        return UInt32(node)
    }

    /// The deepest octet before which all prefixes agree and none ends.
    private func commonDepth(of assignments: ArraySlice<Assignment>, from depth: Int) -> Int {
        // Ascending order: what the first and the last share, all share.
        let (first, last) = (assignments.first!.prefix, assignments.last!.prefix)
        let shortest = Int(assignments.map(\.prefix.length).min()!)
        var common = depth
        while 8 * (common + 1) < shortest, first.octet(at: common) == last.octet(at: common) {
            common += 1
        }
        return common
    }
}
