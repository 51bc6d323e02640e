/// Numbers that are given out and come back, the last that came back first.
struct NumberPool: Sendable {
    private var next: UInt32
    private var free: [UInt32] = []

    /// A pool whose first number is `first`.
    init(from first: UInt32 = 0) { next = first }

    /// All numbers that were ever given out are below.
    var limit: UInt32 { next }

    /// A number that is not in use.
    mutating func take() -> UInt32 {
        if let number = free.popLast() { return number }
        next += 1
        return next - 1
    }

    /// Takes `number` back.
    mutating func giveBack(_ number: UInt32) { free.append(number) }
}
