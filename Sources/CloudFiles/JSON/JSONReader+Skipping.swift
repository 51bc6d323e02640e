extension JSONReader {
    /// Passes over the value that comes next, whatever it is, and checks its syntax.
    package mutating func skipValue() throws(JSONSyntaxError) {
        switch try nextKind() {
        case .object:
            try enterObject()
            while try nextKey() != nil { try skipValue() }
        case .array:
            try enterArray()
            while try nextElement() { try skipValue() }
        case .string: _ = try readText()
        case .number: _ = try readNumber()
        case .boolean: _ = try readBoolean()
        case .null: try readNull()
        }
    }

    /// Where the value at `steps` below the one at `start` begins, or the deepest one on the way to
    /// it that exists.
    ///
    /// Problems are found after the value they concern was read, and are rare: reading an object a
    /// second time is cheaper than keeping the places of all its values.
    ///
    /// - Complexity: O(length of the value at `start`).
    func offset(at steps: [JSONPath.Step], below start: Int) -> Int {
        var reader = JSONReader(bytes, valueAt: start)
        var found = start
        do throws(JSONSyntaxError) {
            for step in steps {
                guard try reader.descend(step) else { return found }
                _ = try reader.nextKind()
                found = reader.valueStart
            }
        } catch {
            // The value holds the document's syntax error: it is reported by who reads on.
            return found
        }
        return found
    }

    /// Moves to the member that `step` names; false if there is none.
    private mutating func descend(_ step: JSONPath.Step) throws(JSONSyntaxError) -> Bool {
        switch (step, try nextKind()) {
        case (.key(let name), .object):
            try enterObject()
            while let key = try nextKey() {
                if string(key) == name { return true }
                try skipValue()
            }
        case (.index(let index), .array):
            try enterArray()
            for position in 0... {
                guard try nextElement() else { return false }
                if position == index { return true }
                try skipValue()
            }
        default: break
        }
        return false
    }
}
