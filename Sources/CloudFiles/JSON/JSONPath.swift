internal import CloudModel

/// The way from a document's root to one of its values, written `securityGroups[3].rules[0].peer`.
package struct JSONPath: Hashable, Sendable {
    /// One step down: into an object by key, or into an array by position.
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    /// The steps from the root; none for the root itself.
    package var steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    /// The path that goes on from `path` by `steps`.
    package static func + (path: JSONPath, steps: [Step]) -> JSONPath {
        JSONPath(path.steps + steps)
    }
}

extension JSONPath: CustomStringConvertible {
    /// Keys joined by dots and positions in brackets; a key that is not a plain word is quoted, as
    /// in `switches["alibaba.leaveCode"]`.
    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where JSONPath.isPlain(key): text += text.isEmpty ? key : "." + key
            case .key(let key): text += "[\"\(Excerpt(key))\"]"
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.count <= Excerpt.characterLimit
            && key.utf8.allSatisfy { byte in
                byte.decimalDigit != nil || (byte | 0x20) &- UInt8(ascii: "a") < 26
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
    }
}
