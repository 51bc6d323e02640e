internal import CloudModel
internal import ControlPlane

/// The keys of a call.
private enum OperationKey: String, JSONKey {
    case operation, parameters
    case time = "at"

    static let table = JSONKeyTable<OperationKey>()
}

extension DocumentReader {
    /// The call that comes next as an object; `nil` if mistakes in it were reported.
    mutating func readOperation(line: Int) throws(JSONSyntaxError) -> TimedOperation? {
        let errorCount = errors.count
        guard var object = try enterObject(of: OperationKey.self) else { return nil }
        var request = OperationRequest("", [:])
        var time: OperationTime?
        while let key = try nextKey(in: &object) {
            switch key {
            case .operation: request.operation = try readString() ?? ""
            case .parameters: request.parameters = try readParameters()
            case .time: time = try readTime()
            }
        }
        require(.operation, in: object)
        guard errors.count == errorCount else { return nil }
        return TimedOperation(request: request, time: time, line: line)
    }

    /// The call on the line that comes next, in the flat query form; `nil` if it is malformed.
    mutating func readQueryLine(line: Int) -> TimedOperation? {
        json.valueStart = json.offset
        guard let text = json.readLine() else {
            report(.syntax(.invalidUTF8))
            return nil
        }
        do throws(QueryMistake) {
            return TimedOperation(request: try OperationRequest(query: text), time: nil, line: line)
        } catch {
            report(.malformedQuery(error))
            return nil
        }
    }

    /// The parameters that come next: an object whose keys may be flat names, such as
    /// `Permissions.1.SourceCidrIp`, or such names and their values as a query string. Empty if
    /// mistakes in them were reported.
    mutating func readParameters() throws(JSONSyntaxError) -> [String: ParameterValue] {
        if try json.nextKind() == .string { return try readQueryParameters() }
        guard try expect(.object) else { return [:] }
        let start = json.valueStart
        let pairs = try readMembers()
        do throws(QueryMistake) {
            return try OperationRequest.nested(pairs)
        } catch {
            report(.malformedQuery(error), at: [], below: start)
            return [:]
        }
    }

    /// The parameters that come next as a string; empty if it is no query.
    private mutating func readQueryParameters() throws(JSONSyntaxError) -> [String: ParameterValue]
    {
        let start = json.valueStart
        let text = json.string(try json.readText())
        do throws(QueryMistake) {
            return try OperationRequest.parameters(query: text)
        } catch {
            report(.malformedQuery(error), at: [], below: start)
            return [:]
        }
    }

    /// The members of the object that comes next; those that are `null` are left out.
    ///
    /// - Precondition: ``expect(_:)`` said that it is one.
    private mutating func readMembers() throws(JSONSyntaxError) -> [(
        name: String, value: ParameterValue
    )] {
        try json.enterObject()
        var names: Set<String> = []
        var members: [(name: String, value: ParameterValue)] = []
        while let key = try json.nextKey() {
            let name = json.string(key)
            guard names.insert(name).inserted else {
                report(.duplicateKey)
                try json.skipValue()
                continue
            }
            if let value = try readParameterValue() { members.append((name, value)) }
        }
        return members
    }

    /// The value that comes next; `nil` for `null`, which is as good as absent.
    private mutating func readParameterValue() throws(JSONSyntaxError) -> ParameterValue? {
        switch try json.nextKind() {
        case .string: return .string(json.string(try json.readText()))
        case .number:
            return .number(String(decoding: json.bytes[try json.readNumber()], as: UTF8.self))
        case .boolean: return .bool(try json.readBoolean())
        case .null:
            try json.readNull()
            return nil
        case .array:
            try json.enterArray()
            var elements: [ParameterValue] = []
            while try json.nextElement() {
                if let element = try readParameterValue() { elements.append(element) }
            }
            return .array(elements)
        case .object:
            let members = try readMembers()
            return .object(Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first })
        }
    }

    /// The time that comes next, digit for digit.
    private mutating func readTime() throws(JSONSyntaxError) -> OperationTime? {
        guard try expect(.number) else { return nil }
        let text = String(decoding: json.bytes[try json.readNumber()], as: UTF8.self)
        if let time = OperationTime(text) { return time }
        report(.malformed(.seconds, found: text))
        return nil
    }
}

extension JSONReader {
    /// The text up to the end of the line, without white space at its end; `nil` if it is not UTF-8.
    fileprivate mutating func readLine() -> String? {
        let start = offset
        while let byte = peek, byte != 0x0A { offset += 1 }
        var end = offset
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return String(validating: bytes[start..<end], as: UTF8.self)
    }
}

extension OperationTime {
    /// Reads decimal seconds, such as `1700000000.25`.
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        // The digits alone do not show the sign of -0.5.
        guard !text.hasPrefix("-"), let seconds = Int64(parts[0]) else { return nil }
        var digits = parts.count == 2 ? String(parts[1]) : "0"
        guard digits.utf8.count <= 9, digits.utf8.allSatisfy({ $0.decimalDigit != nil }) else {
            return nil
        }
        digits += String(repeating: "0", count: 9 - digits.utf8.count)
        self.init(seconds: seconds, nanoseconds: UInt32(digits) ?? 0)
    }
}
