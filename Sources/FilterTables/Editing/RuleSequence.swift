/// The numbers of the rules of a plain list, in its order: stretches of a few hundred, so that a rule
/// comes and goes in the middle at the cost of one of them.
struct RuleSequence: Sendable {
    private var stretches: [[UInt32]]
    private(set) var count: Int

    private static let fullCount = 512

    /// The numbers from 0 to `count`, ascending.
    init(count: Int) {
        self.count = count
        let half = RuleSequence.fullCount / 2
        stretches = stride(from: 0, to: max(1, count), by: half).map { first in
            (first..<min(count, first + half)).map { UInt32($0) }
        }
    }

    /// The number at `place`.
    ///
    /// - Complexity: O(*n* ÷ 512).
    subscript(place: Int) -> UInt32 {
        let (stretch, offset) = position(of: place)
        return stretches[stretch][offset]
    }

    /// All numbers in order.
    var numbers: [UInt32] { Array(stretches.joined()) }

    /// Puts `number` before what is at `place`, or at the end.
    ///
    /// - Complexity: O(*n* ÷ 512 + 512).
    mutating func insert(_ number: UInt32, at place: Int) {
        precondition(0...count ~= place, "no such place")
        var (stretch, offset) = place == 0 ? (0, 0) : position(of: place - 1)
        if place > 0 { offset += 1 }
        stretches[stretch].insert(number, at: offset)
        count += 1
        guard stretches[stretch].count > RuleSequence.fullCount else { return }
        let half = stretches[stretch].count / 2
        let rest = Array(stretches[stretch][half...])
        stretches[stretch].removeSubrange(half...)
        stretch += 1
        stretches.insert(rest, at: stretch)
    }

    /// Takes the number at `place` out.
    ///
    /// - Complexity: O(*n* ÷ 512 + 512).
    mutating func remove(at place: Int) {
        let (stretch, offset) = position(of: place)
        stretches[stretch].remove(at: offset)
        count -= 1
        if stretches[stretch].isEmpty, stretches.count > 1 { stretches.remove(at: stretch) }
    }

    private func position(of place: Int) -> (stretch: Int, offset: Int) {
        precondition(0..<count ~= place, "no such place")
        var offset = place
        var stretch = 0
        while offset >= stretches[stretch].count {
            offset -= stretches[stretch].count
            stretch += 1
        }
        return (stretch, offset)
    }
}
