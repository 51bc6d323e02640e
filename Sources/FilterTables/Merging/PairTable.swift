/// A word for each pair of classes, by peer and local address, in a ``MergedMemory``: 0 at first. One interface has
/// few local addresses, and a small table is one that caches hold.
///
///     word   peer << localBits | local
struct PairTable {
    private(set) var place: Int
    /// Not 0: rows of words are copied by eights of bytes.
    private var localBits = 1
    private var peerBits = 4

    /// More words than so, 16 MiB, are too many.
    private static let maximumBits = 22

    /// A table for a few classes; `nil` when there is too little room.
    init?(_ room: inout MergedRoom, in pool: MergedMemory) {
        guard let place = room.allocate(byteCount: 4 << (peerBits + localBits), in: pool) else {
            return nil
        }
        self.place = place
    }

    /// The place of a pair's word.
    ///
    /// - Precondition: the table has room for both classes.
    @inline(__always)
    func place(ofPeer peer: UInt32, local: UInt32) -> Int {
        place &+ (Int(peer) &<< localBits &+ Int(local)) &<< 2
    }

    /// Clears all words.
    func removeAll(in pool: MergedMemory) {
        pool.clear(byteCount: 4 << (peerBits + localBits), at: place)
    }

    /// By how many bits the classes of peers and of local addresses are shifted in a word's place.
    var shifts: (peer: UInt32, local: UInt32) { (UInt32(localBits) + 2, 2) }

    /// Makes room for so many classes of each side; whether there is as much.
    mutating func reserve(
        peers: Int, locals: Int, _ room: inout MergedRoom, in pool: MergedMemory
    ) -> Bool {
        var grown = self
        while peers > 1 << grown.peerBits { grown.peerBits += 1 }
        while locals > 1 << grown.localBits { grown.localBits += 1 }
        if grown.peerBits == peerBits, grown.localBits == localBits { return true }
        let bits = grown.peerBits + grown.localBits
        guard bits <= PairTable.maximumBits,
            let new = room.allocate(byteCount: 4 << bits, in: pool)
        else { return false }
        grown.place = new
        for peer in 0..<UInt32(1) << UInt32(peerBits) {
            pool.copy(
                byteCount: 4 << localBits, from: place(ofPeer: peer, local: 0),
                to: grown.place(ofPeer: peer, local: 0))
        }
        self = grown
        return true
    }
}
