internal import CloudModel
internal import FilterTables

/// A plain list whose rules go and come back at random places.
struct EditedList: TableWriter {
    /// As the list is when no rule is out.
    private let rules: [QuintupleRule]
    private var editor: OrderedTableEditor
    /// The version that readers have: an edit must leave it as it is.
    private(set) var tables: FilterTables
    /// The places in `rules` of those that are out, ascending.
    private var removed: [Int] = []
    private var random: SplitMix

    /// At most so many rules are out at a time.
    private static let mostRemoved = 64

    init(_ set: RuleSet, seed: UInt64) {
        rules = set.rules
        editor = OrderedTableEditor(set.rules)
        tables = editor.tables
        random = SplitMix(seed: seed)
    }

    /// The place in the list as it stands.
    var place: (Int) -> Int32 {
        let places = Dictionary(
            uniqueKeysWithValues: (0..<editor.ruleCount).map {
                (editor.number(at: $0), Int32($0))
            })
        return { places[$0] ?? -1 }
    }

    @discardableResult
    mutating func edit() -> FilterTables {
        _ = isRemovalNext() ? timeOfRemoval() : timeOfInsertion()
        return tables
    }

    mutating func restore() {
        while !removed.isEmpty { _ = timeOfInsertion() }
    }

    /// The microseconds of so many insertions and removals in random order.
    mutating func times(ofEach count: Int) -> (insertions: [Double], removals: [Double]) {
        var (insertions, removals): ([Double], [Double]) = ([], [])
        while insertions.count < count {
            if isRemovalNext() {
                removals.append(timeOfRemoval())
            } else {
                insertions.append(timeOfInsertion())
            }
        }
        return (insertions, removals)
    }

    private mutating func isRemovalNext() -> Bool {
        removed.isEmpty || removed.count < EditedList.mostRemoved && random.happens(0.5)
    }

    /// Takes a rule out, and gives the microseconds until readers can do without.
    mutating func timeOfRemoval() -> Double {
        let place = random.below(editor.ruleCount)
        var original = place
        var outBefore = 0
        while outBefore < removed.count, removed[outBefore] <= original {
            original += 1
            outBefore += 1
        }
        removed.insert(original, at: outBefore)
        return nanoseconds {
            editor.remove(at: place)
            tables = editor.tables
        } / 1e3
    }

    /// Puts one of the rules that are out where it was, and gives the microseconds until readers have it.
    ///
    /// - Precondition: a rule is out.
    mutating func timeOfInsertion() -> Double {
        let outBefore = random.below(removed.count)
        let original = removed.remove(at: outBefore)
        return nanoseconds {
            editor.insert(rules[original], at: original - outBefore)
            tables = editor.tables
        } / 1e3
    }
}
