internal import CloudModel

/// The kinds of value that JSON has.
package enum JSONKind: String, Hashable, Sendable {
    case object = "an object"
    case array = "an array"
    case string = "a string"
    case number = "a number"
    case boolean = "true or false"
    case null = "null"
}

/// A string as it stands between its quotes in a document, not yet decoded.
package struct JSONText: Hashable, Sendable {
    /// The bytes between the quotes.
    package let range: Range<Int>
    /// Whether the bytes differ from the string that they stand for.
    package let hasEscapes: Bool
}

/// A strict RFC 8259 reader that the caller pulls values from, one at a time and in one pass.
///
///     try reader.enterObject()
///     while let key = try reader.nextKey() {
///         switch try reader.nextKind() { … }       // then read, enter or skip that value
///     }
///
/// It builds no tree: a fleet of a gigabyte costs its bytes and the values made from them. It knows
/// where it stands (``path``), how deep (``depthLimit``), and stops at the first syntax error. A byte
/// order mark at the start is ignored, as RFC 8259 section 8.1 allows. Equal keys are for the caller
/// to notice: it knows what the object may hold.
///
/// A plain value: a copy reads on from the same place on its own.
package struct JSONReader: Sendable {
    /// How deep arrays and objects may nest, so that hostile text cannot exhaust the stack.
    package static let depthLimit = 64

    /// The whole document.
    let bytes: [UInt8]
    /// The next byte to read.
    var offset: Int
    /// Where the value or key read last begins.
    var valueStart = 0
    /// The objects and arrays that are open, the outermost first.
    private var frames: [Frame] = []

    /// An open object or array, and the member of it that is being read.
    private struct Frame {
        var member: Member
        var isFresh = true
    }

    private enum Member {
        case key(JSONText)
        case index(Int)
    }

    /// A reader at the first value of `bytes`.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// A reader of the value that begins at `start`, as if it were the root.
    init(_ bytes: [UInt8], valueAt start: Int) {
        self.bytes = bytes
        offset = start
    }

    /// The way from the root to the value read last or being read.
    package var path: JSONPath {
        JSONPath(
            frames.filter { !$0.isFresh }.map { frame in
                switch frame.member {
                case .key(let text): .key(string(text))
                case .index(let index): .index(index)
                }
            })
    }

    /// What kind of value comes next.
    package mutating func nextKind() throws(JSONSyntaxError) -> JSONKind {
        skipWhiteSpace()
        valueStart = offset
        switch peek {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"): return .number
        case let digit? where digit.decimalDigit != nil: return .number
        default: throw unexpected(.value)
        }
    }

    /// Goes into the object that comes next.
    ///
    /// - Precondition: ``nextKind()`` said that it is one.
    package mutating func enterObject() throws(JSONSyntaxError) {
        try enter(Frame(member: .key(JSONText(range: 0..<0, hasEscapes: false))))
    }

    /// Goes into the array that comes next.
    ///
    /// - Precondition: ``nextKind()`` said that it is one.
    package mutating func enterArray() throws(JSONSyntaxError) {
        try enter(Frame(member: .index(-1)))
    }

    /// The next key of the object that was entered last; `nil` where it ends.
    package mutating func nextKey() throws(JSONSyntaxError) -> JSONText? {
        let last = frames.count - 1
        let isFresh = frames[last].isFresh
        skipWhiteSpace()
        if peek == UInt8(ascii: "}") {
            leave()
            return nil
        }
        if !isFresh {
            guard peek == UInt8(ascii: ",") else { throw unexpected(.commaOrObjectEnd) }
            offset += 1
            skipWhiteSpace()
        }
        valueStart = offset
        guard peek == UInt8(ascii: "\"") else { throw unexpected(isFresh ? .keyOrEnd : .key) }
        let key = try scanString()
        skipWhiteSpace()
        guard peek == UInt8(ascii: ":") else { throw unexpected(.colon) }
        offset += 1
        frames[last].isFresh = false
        frames[last].member = .key(key)
        return key
    }

    /// Moves to the next value of the array that was entered last; false where it ends.
    package mutating func nextElement() throws(JSONSyntaxError) -> Bool {
        let last = frames.count - 1
        skipWhiteSpace()
        if frames[last].isFresh {
            if peek == UInt8(ascii: "]") {
                leave()
                return false
            }
            frames[last].isFresh = false
        } else if peek == UInt8(ascii: ",") {
            offset += 1
        } else if peek == UInt8(ascii: "]") {
            leave()
            return false
        } else {
            throw unexpected(.commaOrArrayEnd)
        }
        if case .index(let index) = frames[last].member { frames[last].member = .index(index + 1) }
        return true
    }

    /// Makes sure that nothing but white space follows the value at the root.
    package mutating func finish() throws(JSONSyntaxError) {
        skipWhiteSpace()
        guard peek == nil else { throw JSONSyntaxError(cause: .trailingContent, offset: offset) }
    }

    // MARK: Bytes

    /// The next byte, if there is one.
    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// The error of a byte, or of the text's end, where something else was needed.
    func unexpected(_ expected: JSONSyntaxError.Expectation) -> JSONSyntaxError {
        let cause: JSONSyntaxError.Cause =
            peek.map { .unexpected($0, insteadOf: expected) } ?? .endsBefore(expected)
        return JSONSyntaxError(cause: cause, offset: offset)
    }

    mutating func skipWhiteSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    private mutating func enter(_ frame: Frame) throws(JSONSyntaxError) {
        guard frames.count < JSONReader.depthLimit else {
            throw JSONSyntaxError(
                cause: .tooDeep(limit: JSONReader.depthLimit), offset: offset)
        }
        offset += 1
        frames.append(frame)
    }

    private mutating func leave() {
        offset += 1
        frames.removeLast()
    }
}
