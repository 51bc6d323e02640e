/// Gives equal values one small number, in the order in which they first come.
struct Interner<Value: Hashable> {
    private var ids: [Value: Int] = [:]
    private var values: [Value] = []

    /// The number of `value`.
    ///
    /// - Complexity: O(1), and a hash of the value.
    mutating func id(of value: Value) -> Int {
        if let id = ids[value] { return id }
        ids[value] = values.count
        values.append(value)
        return values.count - 1
    }

    /// The value with this number.
    subscript(id: Int) -> Value { values[id] }

    /// How many different values there are.
    var count: Int { values.count }
}
