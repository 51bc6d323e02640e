/// The parameters of a call, read with the strictness of the vendors.
///
/// An empty string is as good as absent, for both vendors.
struct Parameters {
    private let values: [String: ParameterValue]
    private let emptyTexts: Set<String>

    init(_ values: [String: ParameterValue]) {
        self.values = values.filter { $0.value != .string("") && $0.value != .array([]) }
        emptyTexts = Set(values.lazy.filter { $0.value == .string("") }.map(\.key))
    }

    /// The names of the parameters that are there, in alphabetical order.
    var names: [String] { values.keys.sorted() }

    func has(_ name: String) -> Bool { values[name] != nil }

    /// Whether `name` came as the empty text, for the few parameters that then are malformed.
    func isEmptyText(_ name: String) -> Bool { emptyTexts.contains(name) }

    subscript(_ name: String) -> ParameterValue? { values[name] }

    /// The scalar called `name`; `nil` if there is none.
    ///
    /// - Throws: `malformed` if it is an array or object.
    func text(
        _ name: String, orRefuse malformed: @autoclosure () -> Refusal
    ) throws(Refusal) -> String? {
        guard let value = values[name] else { return nil }
        guard let text = value.text else { throw malformed() }
        return text
    }

    /// The identifier called `name`, which begins with `prefix`.
    ///
    /// - Throws: `malformed` if it is missing or anything else.
    func identifier(
        _ name: String, _ prefix: String, orRefuse malformed: @autoclosure () -> Refusal
    ) throws(Refusal) -> String {
        guard let text = values[name]?.text, text.isIdentifier(prefix) else { throw malformed() }
        return text
    }

    /// The list called `name`; `nil` if there is none. A list of one may come as its element.
    func list(_ name: String) -> [ParameterValue]? {
        switch values[name] {
        case nil: nil
        case .array(let elements)?: elements
        case let element?: [element]
        }
    }

    /// The list called by the first of `names` that is there: its wire name or its JSON name.
    func list(named names: [String]) -> [ParameterValue]? {
        names.lazy.compactMap(list).first
    }

    /// The list of texts called by the first of `names` that is there.
    ///
    /// - Throws: `malformed` if an element is an array or object.
    func texts(
        _ names: String..., orRefuse malformed: @autoclosure () -> Refusal
    ) throws(Refusal) -> [String]? {
        guard let elements = list(named: names) else { return nil }
        var texts: [String] = []
        for element in elements {
            guard let text = element.text else { throw malformed() }
            texts.append(text)
        }
        return texts
    }

    /// The members of the object called `name`; `nil` if there is none.
    ///
    /// - Throws: `malformed` if it is anything else.
    func object(
        _ name: String, orRefuse malformed: @autoclosure () -> Refusal
    ) throws(Refusal) -> Parameters? {
        guard let value = values[name] else { return nil }
        guard case .object(let members) = value else { throw malformed() }
        return Parameters(members)
    }

    /// These parameters, those of `others` taking precedence.
    func overlaid(with others: Parameters) -> Parameters {
        Parameters(values.merging(others.values) { $1 })
    }
}

extension String {
    /// Whether this is `prefix` followed by at least one letter, digit, `-`, `_` or `*`, the last
    /// as in ids that were masked for publication.
    func isIdentifier(_ prefix: String) -> Bool {
        hasPrefix(prefix) && utf8.count > prefix.utf8.count
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "*"):
                    true
                default: false
                }
            }
    }
}

/// Throws `refusal` if `condition` holds: one line of an ordered list of checks.
func refuse(
    _ refusal: @autoclosure () -> Refusal, if condition: Bool
) throws(Refusal) {
    if condition { throw refusal() }
}
