internal import CloudModel

/// What a step of a table answers, in four bits: with the number of its rule all that an
/// ``Outcome`` says.
enum StepOutcome: UInt32, Sendable {
    case acceptByRule
    case dropByRule
    case intraGroup
    case system
    case exempt
}

/// What a step asks of a packet beside its addresses, in 12 bytes.
///
///     31     24 23     20 19  16 15        8 7         0
///     ┌────────┬─────────┬──────┬───────────┬───────────┐
///     │        │ outcome │    sd│ protocol  │ protocol  │   s, d: any source port, any destination;
///     │        │         │      │ to        │ from      │         packets whose ports or type are
///     ├────────┴─────────┴──────┼───────────┴───────────┤         unknown pass too
///     │ destination to          │ destination from      │   a port, or ICMP type << 8 | code
///     ├─────────────────────────┼───────────────────────┤
///     │ source port to          │ source port from      │
///     └─────────────────────────┴───────────────────────┘
struct RuleTest: Hashable, Sendable {
    let flags: UInt32
    let destination: UInt32
    let source: UInt32

    static let anyDestination: UInt32 = 1 << 16
    static let anySource: UInt32 = 1 << 17
    /// The flags that say what a packet is asked, and not what it is answered.
    static let testedFlags: UInt32 = 0x3_FFFF
    private static let everyPort: UInt32 = 0xFFFF_0000

    @inline(__always)
    init(flags: UInt32, destination: UInt32, source: UInt32) {
        self.flags = flags
        self.destination = destination
        self.source = source
    }

    /// A test of the protocol, and of the ranges that are there.
    init(
        _ ipProtocol: ProtocolMatch, destination: ClosedRange<UInt16>? = nil,
        source: ClosedRange<UInt16>? = nil
    ) {
        var flags: UInt32 =
            switch ipProtocol {
            case .all: 0xFF00
            case .only(let number): UInt32(number.rawValue) << 8 | UInt32(number.rawValue)
            }
        if destination == nil { flags |= RuleTest.anyDestination }
        if source == nil { flags |= RuleTest.anySource }
        self.flags = flags
        self.destination = destination.map(RuleTest.word) ?? RuleTest.everyPort
        self.source = source.map(RuleTest.word) ?? RuleTest.everyPort
    }

    /// The test that all packets pass.
    static let open = RuleTest(.all)

    /// The test without an outcome in its flags.
    var unmarked: RuleTest {
        RuleTest(
            flags: flags & RuleTest.testedFlags, destination: destination, source: source)
    }

    private static func word(_ range: ClosedRange<UInt16>) -> UInt32 {
        UInt32(range.upperBound) << 16 | UInt32(range.lowerBound)
    }

    /// Whether packets of a protocol pass whatever their ports.
    func admitsEveryPort(of ipProtocol: IPProtocol) -> Bool {
        destination == RuleTest.everyPort && source == RuleTest.everyPort
            && flags & 0xFF...flags >> 8 & 0xFF ~= UInt32(ipProtocol.rawValue)
    }
}

/// One way for a packet to be decided once its addresses fit: a custom rule, one of the several ranges of
/// a rule with a port list, or an implicit step (system, exempt, intra-group).
///
///     word  0         2         3                           6
///          ┌─────────┬─────────┬───────────────────────────┐
///          │ order   │ rule    │ test, outcome in its flags│
///          └─────────┴─────────┴───────────────────────────┘
struct RuleStep: Hashable, Sendable {
    let order: RuleOrder
    /// The number of the rule; ``noRule`` for an implicit step.
    let rule: UInt32
    /// With the outcome in its flags.
    let test: RuleTest

    static let wordCount = 6
    static let noRule = UInt32.max

    /// A step from its words.
    @inline(__always)
    init(order: RuleOrder, rule: UInt32, markedTest: RuleTest) {
        self.order = order
        self.rule = rule
        test = markedTest
    }

    /// What a custom rule does with packets that pass `test`.
    init(_ order: RuleOrder, _ policy: Policy, byRule rule: UInt32, _ test: RuleTest) {
        self.order = order
        self.rule = rule
        self.test = test.marked(policy == .accept ? .acceptByRule : .dropByRule)
    }

    /// What the platform or an open group does with packets that pass `test`.
    init(_ order: RuleOrder, _ outcome: StepOutcome, _ test: RuleTest) {
        self.order = order
        rule = RuleStep.noRule
        self.test = test.marked(outcome)
    }

    /// Whether this step has its place before `other` in a bucket: by order, id of the rule, number and
    /// test, so that equal contents are stored alike.
    func precedes(_ other: RuleStep, _ names: RuleNames, in memory: BlockMemory) -> Bool {
        if order != other.order { return order < other.order }
        if rule != other.rule, rule != RuleStep.noRule, other.rule != RuleStep.noRule {
            if names.precedes(rule, other.rule, in: memory) { return true }
            if names.precedes(other.rule, rule, in: memory) { return false }
        }
        return (rule, test.flags, test.destination, test.source)
            < (other.rule, other.test.flags, other.test.destination, other.test.source)
    }
}

extension RuleTest {
    private static let outcomeShift: UInt32 = 20

    fileprivate func marked(_ outcome: StepOutcome) -> RuleTest {
        RuleTest(
            flags: flags | outcome.rawValue << RuleTest.outcomeShift, destination: destination,
            source: source)
    }

    /// The outcome of a step in the flags of its test.
    @inline(__always)
    static func outcomeCode(of flags: UInt32) -> UInt32 { flags >> outcomeShift & 0xF }
}

extension BlockMemory {
    /// The step at word `place` of a block; `place` is even.
    @inline(__always)
    func step(_ block: BlockRef, at place: Int) -> RuleStep {
        RuleStep(
            order: stepOrder(block, at: place), rule: word(block, place + 2),
            markedTest: RuleTest(
                flags: word(block, place + 3), destination: word(block, place + 4),
                source: word(block, place + 5)))
    }

    /// The order of the step at word `place` of a block.
    @inline(__always)
    func stepOrder(_ block: BlockRef, at place: Int) -> RuleOrder {
        RuleOrder(rawValue: word64(block, place / 2))
    }

    func setStep(_ block: BlockRef, at place: Int, _ step: RuleStep) {
        setWord64(block, place / 2, step.order.rawValue)
        setWord(block, place + 2, step.rule)
        setWord(block, place + 3, step.test.flags)
        setWord(block, place + 4, step.test.destination)
        setWord(block, place + 5, step.test.source)
    }
}
