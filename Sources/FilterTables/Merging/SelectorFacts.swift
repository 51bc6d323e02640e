/// What a ``WideTable`` knows of a selector.
///
///     0        8                16
///    ┌────────┬────────────────┬─────┐
///    │ filter │ one-sided      │ 0   │   filter: with which selectors of the other side it has pairs, those of all
///    │        │ steps          │     │   addresses aside
///    └────────┴────────────────┴─────┘
enum SelectorFacts {
    static let byteCount = 16
    static let oneSidedCount = 8
    /// Selectors with more one-sided steps have a part in rows of ranks.
    static let maximumSingleCount = 1

    /// Whether all IPv4 addresses are of a selector.
    @inline(__always)
    static func isOfAll(_ selector: SelectorID) -> Bool { selector <= WideSelector.anyIPv4 }
}
