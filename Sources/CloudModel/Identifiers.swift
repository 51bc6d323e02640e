/// The name that a cloud gives to one of its resources, such as `sg-bp67acfmxazb4p****`.
///
/// Each kind of resource has a type of its own, so that a rule's id is never taken for a group's.
/// Identifiers compare bytewise, as the decision order of rules with equal priority asks.
package protocol CloudIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The identifier as the cloud writes it.
    var text: String { get }
    /// The identifier that the cloud writes as `text`.
    init(_ text: String)
}

extension CloudIdentifier {
    /// The identifier as the cloud writes it.
    package var description: String { text }

    /// The identifier that the cloud writes as `value`.
    package init(stringLiteral value: String) { self.init(value) }

    /// Whether `lhs` comes before `rhs` when their UTF-8 bytes are compared.
    package static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }
}

/// A security-group rule: `sgr-…`.
package struct RuleID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }

    /// The id generated from a fleet's rule counter: `sgr-` and 17 hexadecimal digits, as AWS makes
    /// them, so that generated ids sort in the order of their numbers.
    ///
    /// - Precondition: `number` is not negative.
    package init(number: Int) {
        precondition(number >= 0)
        let digits = String(number, radix: 16)
        text = "sgr-" + String(repeating: "0", count: 17 - digits.count) + digits
    }
}

/// A security group: `sg-…`.
package struct SecurityGroupID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// A list of CIDR blocks that rules can name: `pl-…`.
package struct PrefixListID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// A list of port ranges that Alibaba Cloud rules can name: `prl-…`.
package struct PortListID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// A virtual private cloud: `vpc-…`.
package struct VPCID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// An elastic network interface: `eni-…`.
package struct NetworkInterfaceID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// A virtual machine: `i-…`.
package struct InstanceID: CloudIdentifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}
