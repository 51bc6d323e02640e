/// Where ranges of 16-bit values begin or have just ended, and how many ranges each such cut serves.
///
/// A range cuts where it begins and behind its end; 0 and the end of the line are no cuts.
struct CutBook: Sendable {
    /// Cuts of one range that came or went.
    struct Cuts {
        var lower: UInt16?
        var upper: UInt16?
    }

    private var rangeCounts: [UInt16: Int] = [:]

    init() {}

    /// Counts a range in, and gives the cuts that are new.
    mutating func add(_ range: ClosedRange<UInt16>) -> Cuts {
        var new = Cuts()
        if range.lowerBound > 0, add(range.lowerBound) { new.lower = range.lowerBound }
        if range.upperBound < .max, add(range.upperBound + 1) { new.upper = range.upperBound + 1 }
        return new
    }

    /// Counts a range out, and gives the cuts that no other range has.
    ///
    /// - Precondition: the range was counted in.
    mutating func remove(_ range: ClosedRange<UInt16>) -> Cuts {
        var old = Cuts()
        if range.lowerBound > 0, remove(range.lowerBound) { old.lower = range.lowerBound }
        if range.upperBound < .max, remove(range.upperBound + 1) {
            old.upper = range.upperBound + 1
        }
        return old
    }

    /// All cuts, ascending.
    var cuts: [UInt16] { rangeCounts.keys.sorted() }

    private mutating func add(_ cut: UInt16) -> Bool {
        if let place = rangeCounts.index(forKey: cut) {
            rangeCounts.values[place] += 1
            return false
        }
        rangeCounts[cut] = 1
        return true
    }

    private mutating func remove(_ cut: UInt16) -> Bool {
        guard let place = rangeCounts.index(forKey: cut) else {
            preconditionFailure("no range has the cut")
        }
        rangeCounts.values[place] -= 1
        guard rangeCounts.values[place] == 0 else { return false }
        rangeCounts.remove(at: place)
        return true
    }
}
