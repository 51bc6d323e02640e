/// How far the bytes of the layer at hand reach.
///
///     frame     ├──── captured ────────────┤╌╌╌ cut by the snapshot length ╌╌╌┤
///     packet          ├── header ── payload ──────── total length ────────┤ padding
///                                          ↑ end, isCut
///     packet          ├── header ── total length ──┤ padding
///                                                  ↑ end, not isCut
struct Extent {
    /// The first byte that may not be read.
    // INVARIANT: at most the number of captured bytes.
    private(set) var end: Int
    /// Whether more bytes followed on the wire, so that a header that ends here is the capture's
    /// fault and not the packet's.
    private(set) var isCut: Bool

    /// The extent of a whole frame.
    init(capturedLength: Int, originalLength: Int) {
        end = capturedLength
        isCut = capturedLength < originalLength
    }

    /// Leaves out what lies behind `newEnd`, as a length field asks. One that reaches beyond what is
    /// there changes nothing.
    mutating func narrow(to newEnd: Int) {
        guard newEnd <= end else { return }
        end = newEnd
        isCut = false
    }

    /// Whether `count` bytes are there from `offset` on.
    func holds(_ count: Int, at offset: Int) -> Bool { offset <= end - count }

    /// Makes sure that `count` bytes of the header at `offset` are there.
    ///
    /// - Throws: `truncated` if the capture cut them off, `tooShort` if they never were.
    func require(_ count: Int, at offset: Int, _ layer: Layer) throws(Undecodable) {
        guard !holds(count, at: offset) else { return }
        let found = max(0, end - offset)
        if isCut {
            throw .truncated(layer: layer, needed: count, found: found, offset: offset)
        }
        throw .tooShort(layer: layer, needed: count, found: found, offset: offset)
    }

    /// Makes sure that a header of `count` bytes at `offset` was there on the wire, though the
    /// capture may have cut it.
    ///
    /// - Throws: `tooShort`.
    func requireOnWire(_ count: Int, at offset: Int, _ layer: Layer) throws(Undecodable) {
        if !isCut { try require(count, at: offset, layer) }
    }
}
