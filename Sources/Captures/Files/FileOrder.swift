/// The order of a number's bytes in a capture file: that of the machine that wrote it.
enum FileOrder {
    case little, big
}

extension RawSpan {
    /// The two bytes at `offset` as a number.
    @inline(__always)
    func uint16(at offset: Int, _ order: FileOrder) -> UInt16 {
        let number = uint16(at: offset)
        return order == .big ? number : number.byteSwapped
    }

    /// The four bytes at `offset` as a number.
    @inline(__always)
    func uint32(at offset: Int, _ order: FileOrder) -> UInt32 {
        let number = uint32(at: offset)
        return order == .big ? number : number.byteSwapped
    }

    /// The eight bytes at `offset` as a number.
    func uint64(at offset: Int, _ order: FileOrder) -> UInt64 {
        let number = uint64(at: offset)
        return order == .big ? number : number.byteSwapped
    }
}
