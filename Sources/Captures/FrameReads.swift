/// Numbers in network byte order, read from a frame. Callers check with ``Extent`` that the bytes
/// are there; a read outside of the frame stops the program rather than return other memory.
extension RawSpan {
    /// The byte at `offset`.
    func uint8(at offset: Int) -> UInt8 {
        // SAFETY: the load checks that `offset` is inside; every bit pattern is a number.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The two bytes at `offset`.
    func uint16(at offset: Int) -> UInt16 {
        // SAFETY: as for one byte; the load needs no alignment.
        UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The four bytes at `offset`.
    func uint32(at offset: Int) -> UInt32 {
        // SAFETY: as for two bytes.
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes at `offset`.
    func uint64(at offset: Int) -> UInt64 {
        // SAFETY: as for two bytes.
        UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The first bytes of the record at `offset`.
    @inline(__always)
    func recordHead(at offset: Int) -> RecordHead {
        // SAFETY: as for two bytes, for all ``RecordHead/byteCount``.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: RecordHead.self)
    }
}
