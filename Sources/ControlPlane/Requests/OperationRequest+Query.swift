internal import CloudModel

/// Why text is not a request in the flat query form.
package enum QueryMistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no `Action`.
    case missingAction
    /// A `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    case malformedEscape(String)
    /// The name comes twice, or is both a value and the head of other names.
    case repeated(String)
    /// The name has an empty part or too many.
    case malformedName(String)

    /// The message.
    package var description: String {
        switch self {
        case .missingAction: "the query names no `Action`"
        case .malformedEscape(let text): "the percent-encoding of `\(text)` is malformed"
        case .repeated(let name): "the parameter `\(name)` is given more than once"
        case .malformedName(let name): "the parameter name `\(name)` is malformed"
        }
    }
}

extension OperationRequest {
    /// How many parts a parameter's name may have: enough for every call there is.
    private static let namePartLimit = 16

    /// Reads the flat form, `Action=…&Permissions.1.SourceCidrIp=10.0.0.0%2F8&…`.
    ///
    /// Members numbered from 1 are lists; gaps in the numbers are tolerated. Source: SEMANTICS B.8.
    ///
    /// - Throws: ``QueryMistake``, the first in the text.
    package init(query text: String) throws(QueryMistake) {
        var parameters = try OperationRequest.parameters(query: text)
        guard case .string(let action)? = parameters.removeValue(forKey: "Action") else {
            throw .missingAction
        }
        self.init(action, parameters)
    }

    /// The parameters of the flat form, `Action` among them if it is there.
    ///
    /// - Throws: ``QueryMistake``, the first in the text.
    package static func parameters(
        query text: String
    ) throws(QueryMistake) -> [String: ParameterValue] {
        var pairs: [(name: String, value: ParameterValue)] = []
        for pair in text.split(separator: "&") {
            let halves = pair.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count == 2 ? try decode(halves[1]) : ""
            pairs.append((try decode(halves[0]), .string(value)))
        }
        return try nested(pairs)
    }

    /// The parameters that flat names such as `Permissions.1.SourceCidrIp` stand for.
    ///
    /// - Throws: ``QueryMistake``, for the first name that is malformed or taken.
    package static func nested(
        _ pairs: [(name: String, value: ParameterValue)]
    ) throws(QueryMistake) -> [String: ParameterValue] {
        var root = QueryNode()
        for (name, value) in pairs {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= namePartLimit, !parts.contains("") else {
                throw .malformedName(name)
            }
            guard root.insert(value, at: parts[...]) else { throw .repeated(name) }
        }
        return root.members.compactMapValues(\.parameter)
    }
}

/// A parameter's name up to some dot, while a query is read.
private struct QueryNode {
    var value: ParameterValue?
    var members: [String: QueryNode] = [:]

    /// False if something is there that the new value cannot stand beside.
    mutating func insert(_ newValue: ParameterValue, at path: ArraySlice<Substring>) -> Bool {
        guard let head = path.first else {
            guard value == nil, members.isEmpty else { return false }
            value = newValue
            return true
        }
        guard value == nil else { return false }
        return members[String(head), default: QueryNode()]
            .insert(newValue, at: path.dropFirst())
    }

    var parameter: ParameterValue? {
        if let value { return value }
        let numbers = members.keys.compactMap(listNumber)
        guard numbers.count == members.count else {
            return .object(members.compactMapValues(\.parameter))
        }
        return .array(numbers.sorted().compactMap { members[String($0)]?.parameter })
    }

    /// The place in a list that a part of a name stands for.
    private func listNumber(_ part: String) -> Int? {
        guard let number = Int(part), number > 0, String(number) == part else { return nil }
        return number
    }
}

/// The text that the percent-encoded `text` stands for; `+` is a space.
private func decode(_ text: Substring) throws(QueryMistake) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
        case UInt8(ascii: "%"):
            guard let high = rest.popFirst()?.hexadecimalDigit,
                let low = rest.popFirst()?.hexadecimalDigit
            else { throw .malformedEscape(String(text)) }
            bytes.append(high << 4 | low)
        default: bytes.append(byte)
        }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
        throw .malformedEscape(String(text))
    }
    return decoded
}
