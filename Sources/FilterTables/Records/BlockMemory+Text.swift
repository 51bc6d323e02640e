/// Text in blocks: a word with the count of UTF-8 bytes, then the bytes, four a word, the first in the
/// lowest.
extension BlockMemory {
    /// The words that a text takes, its count included.
    static func wordCount(ofText text: String) -> Int { 1 + (text.utf8.count + 3) / 4 }

    /// Writes a text from word `index` of a block on.
    func setText(_ block: BlockRef, _ index: Int, _ text: String) {
        var place = index + 1
        var word: UInt32 = 0
        var byteCount: UInt32 = 0
        for byte in text.utf8 {
            word |= UInt32(byte) << (byteCount % 4 * 8)
            byteCount += 1
            guard byteCount % 4 == 0 else { continue }
            setWord(block, place, word)
            (place, word) = (place + 1, 0)
        }
        if byteCount % 4 != 0 { setWord(block, place, word) }
        setWord(block, index, byteCount)
    }

    /// The text at word `index` of a block.
    func text(_ block: BlockRef, _ index: Int) -> String {
        let byteCount = Int(word(block, index))
        let bytes = (0..<byteCount).map { byte in
            let shift = UInt32(byte % 4) * 8
            return UInt8(truncatingIfNeeded: word(block, index + 1 + byte / 4) >> shift)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
