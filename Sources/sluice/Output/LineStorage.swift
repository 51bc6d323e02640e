import Captures
import CloudModel
import Replay

/// Lines of text under way, for output of millions of them: bytes, digits and addresses are put into
/// memory that is used again and again.
@safe
struct LineStorage: ~Copyable {
    // INVARIANT: room for `capacity` bytes, of which the first `count` were written.
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    /// Room for a batch of lines to begin with.
    init(capacity: Int = 1 << 17) {
        unsafe memory = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { unsafe memory.deallocate() }

    /// Calls `body` with what was written.
    func withBytes(_ body: (RawSpan) -> Void) {
        // SAFETY: `count` bytes were written, and nothing moves them during the call.
        body(unsafe UnsafeRawBufferPointer(start: memory, count: count).bytes)
    }

    /// Forgets what was written and keeps the room.
    mutating func removeAll() { count = 0 }

    /// Appends a byte.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        // SAFETY: there is room for one byte behind those that were written.
        unsafe memory[count] = byte
        count += 1
    }

    /// Appends a literal.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        // SAFETY: the literal has `length` bytes, and there is room for as many.
        unsafe (memory + count).update(from: text.utf8Start, count: length)
        count += length
    }

    /// Appends bytes.
    mutating func append(_ bytes: [UInt8]) {
        reserve(bytes.count)
        // SAFETY: there is room for all bytes; an empty array has no address to copy from.
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe (memory + count).update(from: start, count: buffer.count)
        }
        count += bytes.count
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal value: UInt64) {
        var length = 1
        var bound: UInt64 = 10
        while length < 20, value >= bound {
            length += 1
            bound = length == 20 ? .max : bound * 10
        }
        append(value, digits: length)
    }

    /// Appends the last `digits` decimal digits of a number.
    mutating func append(_ value: UInt64, digits: Int) {
        reserve(digits)
        var rest = value
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            // SAFETY: there is room for `digits` bytes behind those that were written.
            unsafe memory[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// Appends an IPv4 address.
    mutating func append(ipv4 address: UInt32) {
        for shift: UInt32 in [24, 16, 8, 0] {
            if shift < 24 { append(UInt8(ascii: ".")) }
            append(decimal: UInt64(address >> shift & 255))
        }
    }

    /// Appends a time as a decimal number of seconds, with the capture's digits.
    mutating func append(_ time: CaptureTime) {
        guard time.time.seconds >= 0 else { return append(Array(time.text.utf8)) }
        append(decimal: UInt64(time.time.seconds))
        append(UInt8(ascii: "."))
        let nanoseconds = UInt64(time.time.nanoseconds)
        append(time.digits == 6 ? nanoseconds / 1000 : nanoseconds, digits: time.digits)
    }

    @inline(__always)
    private mutating func reserve(_ room: Int) {
        if room > capacity - count { grow(room) }
    }

    @inline(never)
    private mutating func grow(_ room: Int) {
        let newCapacity = max(2 * capacity, count + room)
        let newMemory = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
        // SAFETY: `count` bytes were written, and the new room is larger.
        unsafe newMemory.update(from: memory, count: count)
        unsafe memory.deallocate()
        unsafe memory = newMemory
        capacity = newCapacity
    }
}
