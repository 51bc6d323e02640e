/// One of the 256 parts of the flow table: the places of all flows between certain pairs of addresses.
///
/// A shard takes no more than its share of the table's capacity, and finds room in it without regard
/// to the others: see `Sessions+Room.swift`.
struct SessionShard: Sendable {
    /// The most flows that are kept.
    let share: Int
    /// How many places there are, used and free.
    private(set) var placeCount = 0
    /// The first place of each page.
    private var pages: [UInt32] = []
    var firstFree = FlowTable.none
    /// Where the search for records that can be given up goes on.
    var hand = 0
    var victims = VictimQueue()

    /// A shard without places.
    init(share: Int) { self.share = share }

    /// Where in the table the shard's place with this number is.
    ///
    /// - Precondition: `number` is below ``placeCount``.
    func index(ofPlace number: Int) -> Int {
        Int(pages[number / FlowTable.pageSize]) + number % FlowTable.pageSize
    }

    /// Has one more place of its own in `table`, a free one.
    mutating func appendPlace(in table: inout FlowTable) {
        if placeCount == pages.count * FlowTable.pageSize {
            pages.append(UInt32(table.appendPage()))
        }
        placeCount += 1
        giveFree(index(ofPlace: placeCount - 1), in: &table)
    }

    /// Takes a free place, if there is one.
    mutating func takeFree(in table: borrowing FlowTable) -> Int? {
        guard firstFree != FlowTable.none else { return nil }
        let index = Int(firstFree)
        firstFree = table.nextFree(behind: index)
        return index
    }

    /// Has a place be taken before all others.
    mutating func giveFree(_ index: Int, in table: inout FlowTable) {
        table.chainFree(index, before: firstFree)
        firstFree = UInt32(index)
    }
}
