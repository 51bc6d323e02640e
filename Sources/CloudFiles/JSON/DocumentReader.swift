internal import CloudModel

/// A JSON document read for values of expected kinds, whose mistakes are collected.
///
/// A value that is not what was asked for is reported, passed over, and comes back as `nil`: the
/// caller reads on and finds the next mistake. Only a syntax error ends the reading.
package struct DocumentReader {
    /// Where the document is read.
    var json: JSONReader
    /// What makes the document unusable.
    var errors = ProblemLog()
    /// What its author should know.
    var warnings = ProblemLog()

    /// A reader at the start of the document in `bytes`.
    package init(_ bytes: [UInt8]) { json = JSONReader(bytes) }

    // MARK: Objects and arrays

    /// Goes into the object that comes next.
    mutating func enterObject<Key: JSONKey>(
        of kind: Key.Type
    ) throws(JSONSyntaxError) -> ObjectScope<Key>? {
        guard try expect(.object) else { return nil }
        try json.enterObject()
        return ObjectScope(start: json.valueStart)
    }

    /// The next known key of an object; unknown and repeated ones are reported and passed over.
    mutating func nextKey<Key: JSONKey>(
        in object: inout ObjectScope<Key>
    ) throws(JSONSyntaxError) -> Key? {
        while let text = try json.nextKey() {
            guard let index = Key.table.index(of: text, in: json) else {
                report(.unknownKey(suggestion: suggestion(for: text, in: Key.self)))
                try skipValue()
                continue
            }
            guard object.note(index) else {
                report(.duplicateKey)
                try skipValue()
                continue
            }
            return Key.table.keys[index]
        }
        return nil
    }

    /// Reports those of `keys` that the object, which was read to its end, does not have.
    mutating func require<Key: JSONKey>(_ keys: Key..., in object: ObjectScope<Key>) {
        for key in keys where !object.has(key) {
            report(.missingKey(key.rawValue), at: [], below: object.start)
        }
    }

    /// Goes into the array that comes next; false if it is something else.
    mutating func enterArray() throws(JSONSyntaxError) -> Bool {
        guard try expect(.array) else { return false }
        try json.enterArray()
        return true
    }

    /// Moves to the next value of an array; false where it ends.
    mutating func nextElement() throws(JSONSyntaxError) -> Bool { try json.nextElement() }

    /// Passes over the value that comes next and reports the repeated keys in it.
    mutating func skipValue() throws(JSONSyntaxError) {
        switch try json.nextKind() {
        case .object:
            try json.enterObject()
            var keys: Set<String> = []
            while let key = try json.nextKey() {
                if !keys.insert(json.string(key)).inserted { report(.duplicateKey) }
                try skipValue()
            }
        case .array:
            try json.enterArray()
            while try json.nextElement() { try skipValue() }
        default: try json.skipValue()
        }
    }

    // MARK: Problems

    /// Reports a mistake in the value or key read last.
    mutating func report(_ mistake: FileMistake) {
        guard errors.hasRoom else { return errors.addUnseen() }
        errors.add(mistake, at: json.valueStart, path: json.path)
    }

    /// Reports a mistake in a value below the object that was read to its end last.
    mutating func report(_ mistake: FileMistake, at steps: [JSONPath.Step], below start: Int) {
        guard errors.hasRoom else { return errors.addUnseen() }
        let path = json.path
        report(mistake, at: steps, below: start, path: path)
    }

    /// Reports a mistake in a value below one that was read before: the one at `start` and `path`.
    mutating func report(
        _ mistake: FileMistake, at steps: [JSONPath.Step], below start: Int,
        path: @autoclosure () -> JSONPath
    ) {
        guard errors.hasRoom else { return errors.addUnseen() }
        errors.add(mistake, at: json.offset(at: steps, below: start), path: path() + steps)
    }

    /// As ``report(_:at:below:path:)``, for what does not make the document unusable.
    mutating func warn(
        _ mistake: FileMistake, at steps: [JSONPath.Step], below start: Int,
        path: @autoclosure () -> JSONPath
    ) {
        guard warnings.hasRoom else { return warnings.addUnseen() }
        warnings.add(mistake, at: json.offset(at: steps, below: start), path: path() + steps)
    }

    /// Reports the syntax error that ended the reading.
    mutating func report(_ error: JSONSyntaxError) {
        errors.add(.syntax(error.cause), at: error.offset, path: json.path)
    }

    /// Whether a value of `kind` comes next; any other is reported and passed over.
    mutating func expect(_ kind: JSONKind) throws(JSONSyntaxError) -> Bool {
        let found = try json.nextKind()
        if found == kind { return true }
        report(.wrongKind(expected: kind, found: found))
        try skipValue()
        return false
    }

    /// The known key that `text` is probably a slip of.
    private func suggestion<Key: JSONKey>(for text: JSONText, in kind: Key.Type) -> String? {
        guard errors.hasRoom, text.range.count <= Excerpt.characterLimit else { return nil }
        let found = json.string(text)
        return Key.allCases.map { ($0.rawValue, editDistance(found, $0.rawValue)) }
            .filter { $0.1 <= max(1, min(2, $0.0.count / 3)) }
            .min { $0.1 < $1.1 }?.0
    }
}
