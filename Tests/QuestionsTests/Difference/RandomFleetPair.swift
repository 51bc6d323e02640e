import CloudModel
import TestSupport

/// A random fleet and another that a few random edits, or a seed of its own, tell from it.
struct RandomFleetPair {
    let before: Fleet
    private(set) var after: Fleet
    private let shape: WorldShape
    private var random: SeededGenerator

    init(seed: UInt64, shape: WorldShape) {
        self.shape = shape
        random = SeededGenerator(seed: seed ^ 0xD1FF)
        before = RandomFleet(seed: seed, shape: shape).fleet
        after = before
        if random.oneIn(6) {
            after = RandomFleet(seed: seed + 1_000_000, shape: shape).fleet
            return
        }
        for _ in 0..<Int.random(in: 1...3, using: &random) { edit() }
    }

    private mutating func edit() {
        let other = RandomFleet(seed: random.next(), shape: shape).fleet
        switch Int.random(in: 0...11, using: &random) {
        case 0, 1, 2: removeRule()
        case 3: moveRule()
        case 4: addRules(of: other)
        case 5: changeMembership()
        case 6: changeAddresses()
        case 7: changeList()
        case 8: changeInterfaces()
        case 9: changeGroup()
        case 10: after.switches.innerAcceptEgress = other.switches.innerAcceptEgress
        default:
            after.loadBalancerSources = other.loadBalancerSources
            after.platformProbes = other.platformProbes
        }
    }

    /// A rule's place; `nil` if the group picked has none.
    private mutating func anyRule() -> (group: Int, rule: Int)? {
        let group = Int.random(in: after.securityGroups.indices, using: &random)
        let rules = after.securityGroups[group].rules
        return rules.isEmpty ? nil : (group, Int.random(in: rules.indices, using: &random))
    }

    private mutating func removeRule() {
        guard let place = anyRule() else { return }
        after.securityGroups[place.group].rules.remove(at: place.rule)
    }

    private mutating func moveRule() {
        guard let place = anyRule(), after.vendor == .alibaba else { return }
        after.securityGroups[place.group].rules[place.rule].priority = random.pick([1, 2, 60])
    }

    private mutating func addRules(of other: Fleet) {
        let group = Int.random(in: after.securityGroups.indices, using: &random)
        for (number, rule) in other.securityGroups[0].rules.prefix(2).enumerated() {
            var added = rule
            added.id = RuleID("sgr-new-\(random.next())-\(number)")
            if case .securityGroup = added.peer { added.peer = .prefixList("pl-0") }
            after.securityGroups[group].rules.append(added)
        }
    }

    private mutating func changeMembership() {
        let place = Int.random(in: after.networkInterfaces.indices, using: &random)
        let interface = after.networkInterfaces[place]
        let type = after.securityGroups.first { interface.securityGroups.contains($0.id) }?.type
        let eligible = after.securityGroups.filter {
            $0.vpc == interface.vpc && $0.type == type ?? .normal
        }
        after.networkInterfaces[place].securityGroups = eligible.shuffled(using: &random)
            .prefix(Int.random(in: 0...3, using: &random)).map(\.id)
    }

    private mutating func changeAddresses() {
        let place = Int.random(in: after.networkInterfaces.indices, using: &random)
        if random.oneIn(2) {
            after.networkInterfaces[place].addresses = Array(
                after.networkInterfaces[place].addresses.dropLast())
        } else {
            // The one address that no random interface has twice: just behind the world's.
            let bits = UInt32(1) << UInt32(shape.addressBits) + UInt32(place)
            after.networkInterfaces[place].addresses.append(
                CIDRBlock(shape.address(random.pick(AddressFamily.allCases), bits)))
        }
    }

    private mutating func changeList() {
        let place = Int.random(in: after.prefixLists.indices, using: &random)
        after.prefixLists[place].entries = Array(after.prefixLists[place].entries.dropFirst())
        guard !after.portLists.isEmpty else { return }
        after.portLists[0].ranges = Array(after.portLists[0].ranges.dropLast())
    }

    private mutating func changeInterfaces() {
        let place = Int.random(in: after.networkInterfaces.indices, using: &random)
        if random.oneIn(2) {
            after.networkInterfaces.remove(at: place)
        } else {
            after.networkInterfaces[place].status = .available
        }
    }

    private mutating func changeGroup() {
        let place = Int.random(in: after.securityGroups.indices, using: &random)
        let group = after.securityGroups[place]
        guard group.type == .normal, after.vendor == .alibaba else { return }
        after.securityGroups[place].innerAccessPolicy =
            group.innerAccessPolicy == .drop ? .accept : .drop
    }
}
