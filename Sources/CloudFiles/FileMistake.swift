package import CloudModel
package import ControlPlane

/// What is wrong with a value of a file, or worth knowing about it.
package enum FileMistake: Hashable, Sendable {
    // MARK: The text

    case syntax(JSONSyntaxError.Cause)
    case wrongKind(expected: JSONKind, found: JSONKind)
    case unknownKey(suggestion: String?)
    case duplicateKey
    case missingKey(String)
    /// One of several keys must be there, and only one.
    case notExactlyOne(of: [String])
    /// A key that only the other vendor's objects have.
    case foreignKey(Vendor, Thing)
    case unknownWord(found: String, known: [String])
    case malformed(Form, found: String)
    case outOfBounds(found: String, bounds: ClosedRange<Int>)
    /// The document is of another kind.
    case notAFleet
    /// A call's parameters are not in the flat query form.
    case malformedQuery(QueryMistake)

    // MARK: Scenarios

    /// The file is empty: nothing would be checked, and everything would seem to hold.
    case noScenario
    /// A fleet that a scenario names by its path cannot be read.
    case unusableFleet(String)
    case keyNeedsOperation
    /// Something is expected of a step that only steps of another kind can show.
    case expectationOfOtherStep(owner: String)
    case addressesOfTwoFamilies
    /// A key that a packet inside an ICMP error does not have.
    case notInQuoted(String)

    // MARK: Identifiers and references

    case duplicateID(Thing, String)
    case duplicateEntry(String)
    case unknownReference(Thing, String)
    /// A rule's peer is a group that the file cannot know; it matches nothing.
    case foreignReference(String, owner: String)
    /// A rule's peer is a group that the cloud calls stale; it matches nothing.
    case staleReference(String)
    case selfReference
    case groupReferenceInEnterpriseGroup
    case referenceToEnterpriseGroup(String)

    // MARK: Rules

    /// A port range that begins behind its end.
    case reversedRange(String)
    case portsWithoutPortProtocol(ProtocolMatch)
    case portListBesideRange
    /// One of AWS's two ends is given, or is -1, and the other is not.
    case incompletePortPair
    case codeWithoutType
    case protocolOfOtherFamily(ProtocolMatch, AddressFamily)
    case mixedFamilies(peer: AddressFamily, local: AddressFamily)
    case keyNeedsGroupPeer(String)

    // MARK: Lists, groups and interfaces

    case hostBits(CIDRBlock)
    case entryOfOtherFamily(AddressFamily)
    case moreEntriesThanMaximum(Int)
    case innerAccessInEnterpriseGroup
    case enterpriseGroupOutsideAlibaba
    case mixedGroupTypes
    case groupOfOtherVPC(String)
    case addressInUse(CIDRBlock, by: String)

    /// The kinds of object that a fleet has.
    package enum Thing: String, Hashable, Sendable {
        case vpc, instance, rule
        case prefixList = "prefix list"
        case portList = "port list"
        case securityGroup = "security group"
        case networkInterface = "network interface"
    }

    /// The textual forms that a string can fail to have.
    package enum Form: String, Hashable, Sendable {
        case identifier = "an identifier (printable ascii without spaces)"
        case address = "an ip address"
        case addressOrBlock = "an address or a cidr block"
        case mac = "a mac address"
        case ipProtocol = "a protocol"
        case portRange = "a port range such as `80/443`"
        case seconds = "a number of seconds with at most nine decimals"
        case tcpFlags = "tcp flags (letters of `FSRP.UEW`, or `none`)"
        case span = "a number of seconds, at most 2^32, with at most nine decimals"
        case portRangeOrAny = "a port range such as `80/443`, or `-1/-1` for any"
    }
}
