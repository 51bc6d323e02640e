/// A value of a request, as JSON or the flat query form gives it.
package indirect enum ParameterValue: Hashable, Sendable {
    case string(String)
    /// The number's digits as they were written: account ids do not survive floating point.
    case number(String)
    case bool(Bool)
    case array([ParameterValue])
    case object([String: ParameterValue])

    /// The text that a scalar stands for; `nil` for arrays and objects.
    ///
    /// The query form knows only text, so both vendors take `"22"` for `22` and `"true"` for
    /// `true`.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .array, .object: nil
        }
    }

    /// The integer that the value stands for.
    package var integer: Int? {
        guard let text, !text.hasPrefix("+") else { return nil }
        return Int(text)
    }

    /// The truth value that the value stands for.
    package var boolean: Bool? {
        switch text?.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// The number's value, written in decimal.
    package static func integer(_ value: Int) -> ParameterValue { .number(String(value)) }
}

extension ParameterValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    package init(arrayLiteral elements: ParameterValue...) { self = .array(elements) }
    /// An object.
    ///
    /// - Precondition: no key comes twice.
    package init(dictionaryLiteral elements: (String, ParameterValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
    /// A number.
    package init(integerLiteral value: Int) { self = .integer(value) }
    /// A truth value.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
