internal import CloudModel

/// DPDK's rte_acl in a process of its own (`Benchmarks/Peers/rte_acl`), as a conversation.
final class RTEACL {
    /// rte_acl's ways to classify, in the order of their numbers.
    static let methodNames = ["scalar", "SSE", "AVX2", "AVX512X16", "AVX512X32"]

    /// What building its tables came to.
    struct Build {
        var nanoseconds: Double
        var byteCount: Int
    }

    private enum Request: UInt32 {
        case rules = 1
        case headers
        case methods
        case time
        case decide
    }

    private let process: PeerProcess
    /// Whose headers it has.
    private var trace: Trace?

    /// Starts the program at `path`; `nil` if there is none.
    init?(path: String) {
        guard let process = PeerProcess(path: path) else { return nil }
        self.process = process
    }

    /// Builds tables for `rules`; `nil` if rte_acl cannot.
    func build(_ rules: [QuintupleRule], family: AddressFamily) throws(BenchmarkError) -> Build? {
        trace = nil
        var bytes = RTEACL.request(.rules, rules.count)
        bytes.reserveCapacity(rules.count * 44 + 16)
        bytes.append(native: UInt32(family.addressBitCount))
        for rule in rules { bytes.append(record: rule) }
        try process.send(bytes)
        let answer = try process.receive(20)
        guard answer.nativeWord(at: 0) == 0 else { return nil }
        return Build(
            nanoseconds: Double(answer.nativeDoubleWord(at: 4)),
            byteCount: Int(answer.nativeDoubleWord(at: 12)))
    }

    /// Sets the headers of the passes to come.
    func take(_ trace: Trace) throws(BenchmarkError) {
        guard self.trace !== trace else { return }
        self.trace = trace
        var bytes = RTEACL.request(.headers, trace.count)
        bytes.reserveCapacity(trace.count * 40 + 8)
        for header in trace.headers { bytes.append(record: header) }
        try process.send(bytes)
    }

    /// The numbers of the methods that run on this machine.
    func methods() throws(BenchmarkError) -> [Int] {
        try process.send(RTEACL.request(.methods, 0))
        let available = try process.receive(4).nativeWord(at: 0)
        return RTEACL.methodNames.indices.filter { available >> UInt32($0) & 1 == 1 }
    }

    /// The nanoseconds of one pass over the headers.
    func pass(method: Int) throws(BenchmarkError) -> Double {
        try process.send(RTEACL.request(.time, method))
        return Double(try process.receive(8).nativeDoubleWord(at: 0))
    }

    /// The place of the first rule that takes each header, or -1.
    func answers(method: Int, count: Int) throws(BenchmarkError) -> [Int32] {
        try process.send(RTEACL.request(.decide, method))
        let bytes = try process.receive(4 * count)
        var places: [Int32] = []
        places.reserveCapacity(count)
        for place in 0..<count {
            places.append(Int32(bitPattern: bytes.nativeWord(at: 4 * place)))
        }
        return places
    }

    /// The two fastest methods for headers like those of a trace: which is the best, the race says.
    func contenders(for trace: Trace) throws(BenchmarkError) -> [RTEACLContender] {
        var probed: [(contender: RTEACLContender, time: Double)] = []
        for method in try methods() {
            let contender = RTEACLContender(self, method: method)
            try contender.take(trace)
            // The first pass only fills the caches.
            _ = try contender.pass()
            probed.append((contender, min(try contender.pass(), try contender.pass())))
        }
        return probed.sorted { $0.time < $1.time }.prefix(2).map(\.contender)
    }

    private static func request(_ request: Request, _ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(native: request.rawValue)
        bytes.append(native: UInt32(count))
        return bytes
    }
}

/// One of rte_acl's methods in a race.
final class RTEACLContender: Contender {
    let name = "rte_acl"
    let method: Int
    private let peer: RTEACL
    private(set) var headerCount = 0

    /// A contender that decides by the rules which `peer` has.
    init(_ peer: RTEACL, method: Int) {
        self.peer = peer
        self.method = method
    }

    func take(_ trace: Trace) throws(BenchmarkError) {
        try peer.take(trace)
        headerCount = trace.count
    }

    func pass() throws(BenchmarkError) -> Double { try peer.pass(method: method) }

    func answers() throws(BenchmarkError) -> [Int32] {
        try peer.answers(method: method, count: headerCount)
    }
}
