internal import CloudModel
internal import FilterTables

/// Headers in memory, as sluice is asked about them and as its peers are.
final class Trace {
    let headers: [Header]
    /// For each header what the tables are asked.
    let queries: [Query]
    /// For each header the place of the interface that it comes in at; empty for plain lists.
    let interfaces: [Int]

    /// Headers that come in where `query` says.
    init(_ headers: [Header], query: (Header) -> Query) {
        self.headers = headers
        queries = headers.map(query)
        interfaces = []
    }

    /// Headers as they come in at a fleet's interfaces.
    init(_ arrivals: [FleetTraffic.Arrival]) {
        headers = arrivals.map(\.header)
        queries = arrivals.map(\.query)
        interfaces = arrivals.map(\.interface)
    }

    /// How many headers there are.
    var count: Int { headers.count }
}
