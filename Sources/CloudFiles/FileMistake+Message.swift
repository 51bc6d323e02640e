internal import CloudModel
internal import ControlPlane

extension FileMistake: CustomStringConvertible {
    /// The message, without the place.
    package var description: String {
        textMessage ?? scenarioMessage ?? referenceMessage ?? ruleMessage ?? stateMessage
    }

    private var textMessage: String? {
        switch self {
        case .syntax(let cause): cause.description
        case .wrongKind(let expected, let found):
            "\(expected.rawValue) is needed, not \(found.rawValue)"
        case .unknownKey(let suggestion):
            "unknown key" + (suggestion.map { ", did you mean `\($0)`" } ?? "")
        case .duplicateKey: "the key is given twice"
        case .missingKey(let key): "`\(key)` is missing"
        case .notExactlyOne(let keys): "exactly one of \(FileMistake.list(keys)) is needed"
        case .foreignKey(let vendor, let thing):
            "not a field of \(FileMistake.name(vendor)) \(thing.rawValue)s"
        case .unknownWord(let found, let known):
            "`\(Excerpt(found))` is not one of \(FileMistake.list(known))"
        case .malformed(let form, let found): "`\(Excerpt(found))` is not \(form.rawValue)"
        case .outOfBounds(let found, let bounds):
            bounds.upperBound == .max
                ? "`\(Excerpt(found))` is not a whole number from \(bounds.lowerBound) on"
                : "`\(Excerpt(found))` is not a whole number from \(bounds.lowerBound) to "
                    + "\(bounds.upperBound)"
        case .notAFleet: "not a fleet: `format` must be `\(FleetReader.format)`"
        case .malformedQuery(let mistake): mistake.description
        default: nil
        }
    }

    private var scenarioMessage: String? {
        switch self {
        case .noScenario: "the file holds no scenario"
        case .unusableFleet(let cause): cause
        case .keyNeedsOperation: "`parameters` goes with `operation` only"
        case .expectationOfOtherStep(let owner): "only a step with `\(owner)` can show this"
        case .addressesOfTwoFamilies: "source and destination are of different ip versions"
        case .notInQuoted(let key): "a quoted packet has no `\(key)`"
        default: nil
        }
    }

    private var referenceMessage: String? {
        switch self {
        case .duplicateID(let thing, let id):
            "another \(thing.rawValue) has the id `\(Excerpt(id))`"
        case .duplicateEntry(let entry): "`\(Excerpt(entry))` is listed twice"
        case .unknownReference(let thing, let id):
            "no \(thing.rawValue) has the id `\(Excerpt(id))`"
        case .foreignReference(let id, let owner):
            "security group `\(Excerpt(id))` of account `\(Excerpt(owner))` is not in the file: "
                + "the rule matches nothing"
        case .staleReference(let id):
            "the reference to security group `\(Excerpt(id))` is stale: the rule matches nothing"
        case .selfReference: "a rule cannot name its own security group as peer"
        case .groupReferenceInEnterpriseGroup:
            "rules of an enterprise security group cannot name a security group as peer"
        case .referenceToEnterpriseGroup(let id):
            "enterprise security group `\(Excerpt(id))` cannot be a peer"
        default: nil
        }
    }

    private var ruleMessage: String? {
        switch self {
        case .reversedRange(let text): "the range `\(Excerpt(text))` begins behind its end"
        case .portsWithoutPortProtocol(let match):
            "protocol `\(match)` has no ports: only tcp and udp rules can restrict them"
        case .portListBesideRange: "`portList` and a port range exclude one another"
        case .incompletePortPair: "`fromPort` and `toPort` must both be given, or both be -1"
        case .codeWithoutType: "an icmp code needs an icmp type: `fromPort` is -1"
        case .protocolOfOtherFamily(let match, let family):
            "protocol `\(match)` and \(family.rawValue) addresses never meet in one packet"
        case .mixedFamilies(let peer, let local):
            "the peer is \(peer.rawValue) and `localCidr` is \(local.rawValue)"
        case .keyNeedsGroupPeer(let key): "`\(key)` goes with `securityGroup` only"
        default: nil
        }
    }

    private var stateMessage: String {
        switch self {
        case .hostBits(let block):
            "`\(block)` has bits set behind its prefix: the block is `\(block.canonical)`"
        case .entryOfOtherFamily(let family): "the entry is not \(family.rawValue)"
        case .moreEntriesThanMaximum(let maximum):
            "there are more entries than `maxEntries`, \(maximum)"
        case .innerAccessInEnterpriseGroup:
            "an enterprise security group is never open inside: only `Drop` is possible"
        case .enterpriseGroupOutsideAlibaba: "AWS security groups are all `normal`"
        case .mixedGroupTypes: "the interface is in normal and enterprise security groups"
        case .groupOfOtherVPC(let id):
            "security group `\(Excerpt(id))` belongs to another vpc than the interface"
        case .addressInUse(let block, let id):
            "`\(block)` overlaps an address of network interface `\(Excerpt(id))`"
        default: preconditionFailure("a mistake without a message")
        }
    }

    private static func name(_ vendor: Vendor) -> String {
        vendor == .aws ? "AWS" : "Alibaba Cloud"
    }

    /// The words in backticks, joined with commas.
    private static func list(_ words: [String]) -> String {
        words.map { "`\($0)`" }.joined(separator: ", ")
    }
}
