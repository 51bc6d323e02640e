package import CloudModel
internal import ControlPlane

/// One thing that a step's `expect` says about its result.
package struct Claim: Hashable, Sendable {
    /// What it speaks about.
    package enum Subject: Hashable, Sendable {
        // Of packets.
        case decision, reason, rule, securityGroup, networkInterface, direction
        // Of operations.
        case ok, unknownPermissions, errorCode, errorHTTPStatus
        // Of the fleet after the step.
        case rules(of: SecurityGroupID)
        case securityGroups(of: NetworkInterfaceID)
        case status(of: NetworkInterfaceID)
    }

    package var subject: Subject
    package var expected: ClaimValue

    /// The claim that `subject` is `expected`.
    package init(_ subject: Subject, _ expected: ClaimValue) {
        self.subject = subject
        self.expected = expected
    }
}

/// What is expected or found.
package enum ClaimValue: Hashable, Sendable {
    case text(String)
    case number(Int)
    case truth(Bool)
    /// Names whose order means nothing.
    case names([String])
    /// There is no such thing.
    case nothing

    /// Whether the two are the same.
    package func agrees(with found: ClaimValue) -> Bool {
        guard case .names(let mine) = self, case .names(let other) = found else {
            return self == found
        }
        return mine.sorted() == other.sorted()
    }
}

extension Claim.Subject: CustomStringConvertible {
    /// The way from `expect` to the claim's key, as in `error.code`.
    package var description: String {
        switch self {
        case .decision: "decision"
        case .reason: "reason"
        case .rule: "rule"
        case .securityGroup: "securityGroup"
        case .networkInterface: "networkInterface"
        case .direction: "direction"
        case .ok: "ok"
        case .unknownPermissions: "unknownPermissions"
        case .errorCode: "error.code"
        case .errorHTTPStatus: "error.httpStatus"
        case .rules(let id): "state.rules.\(id)"
        case .securityGroups(let id): "state.securityGroups.\(id)"
        case .status(let id): "state.status.\(id)"
        }
    }
}

extension ClaimValue: CustomStringConvertible {
    /// The value as a message shows it.
    package var description: String {
        switch self {
        case .text(let text): "`\(text)`"
        case .number(let number): String(number)
        case .truth(let value): String(value)
        case .names([]): "no names"
        case .names(let names): names.sorted().map { "`\($0)`" }.joined(separator: " ")
        // No names are one thing, no such group or interface is another.
        case .nothing: "nothing"
        }
    }
}
