internal import Captures

/// The captures that have more to give, and when: a binary heap, the earliest at the front.
///
/// At the same time the capture that was given first is earlier.
struct EarliestFirst {
    /// The next frame of a capture.
    struct Head: Comparable {
        let time: FrameTime
        let capture: Int

        static func < (lhs: Head, rhs: Head) -> Bool {
            (lhs.time, lhs.capture) < (rhs.time, rhs.capture)
        }
    }

    // INVARIANT: none is earlier than the one at `(index - 1) / 2`.
    private var heads: [Head] = []

    /// A heap of these heads, in any order.
    init(_ heads: [Head]) { self.heads = heads.sorted() }

    /// The earliest.
    var first: Head? { heads.first }

    /// The earliest but for ``first``.
    var second: Head? { heads.dropFirst().prefix(2).min() }

    /// Puts `head` in the place of ``first``.
    ///
    /// - Complexity: O(log n) of *n* captures; O(1) if it is the earliest again.
    /// - Precondition: the heap is not empty.
    mutating func replaceFirst(with head: Head) {
        heads[0] = head
        var index = 0
        while let child = earlierChild(of: index), heads[child] < heads[index] {
            heads.swapAt(index, child)
            index = child
        }
    }

    /// Takes ``first`` out.
    ///
    /// - Precondition: the heap is not empty.
    mutating func removeFirst() {
        let last = heads.removeLast()
        if !heads.isEmpty { replaceFirst(with: last) }
    }

    private func earlierChild(of index: Int) -> Int? {
        let (left, right) = (2 * index + 1, 2 * index + 2)
        guard left < heads.count else { return nil }
        return right < heads.count && heads[right] < heads[left] ? right : left
    }
}
