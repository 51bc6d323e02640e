package import CloudModel
package import ControlPlane

/// What came of one step.
package struct Observation: Sendable {
    /// What the step's action gave.
    package enum Result: Hashable, Sendable {
        /// The decision over all interfaces, and what each of them said.
        case decided(Decision, evaluations: [Decision])
        case answered(OperationOutcome)
        case advanced
    }

    package let result: Result
    /// The fleet after the step.
    package let fleet: Fleet

    /// What a step gave, and the fleet behind it.
    package init(result: Result, fleet: Fleet) {
        self.result = result
        self.fleet = fleet
    }

    /// What the step shows of `subject`.
    package func value(of subject: Claim.Subject) -> ClaimValue {
        switch subject {
        case .rules(let id):
            let group = fleet.securityGroups.first { $0.id == id }
            return group.map { .names($0.rules.map(\.id.text)) } ?? .nothing
        case .securityGroups(let id):
            return interface(id).map { .names($0.securityGroups.map(\.text)) } ?? .nothing
        case .status(let id):
            return interface(id).map { .text($0.status.rawValue) } ?? .nothing
        default: break
        }
        switch result {
        case .decided(let decision, _): return decision.value(of: subject)
        case .answered(let outcome): return outcome.value(of: subject)
        case .advanced: return .nothing
        }
    }

    private func interface(_ id: NetworkInterfaceID) -> NetworkInterface? {
        fleet.networkInterfaces.first { $0.id == id }
    }
}

extension Decision {
    /// What the decision says of `subject`; nothing if it is no matter of packets.
    fileprivate func value(of subject: Claim.Subject) -> ClaimValue {
        let text: String? =
            switch subject {
            case .decision: verdict.rawValue
            case .reason: reason.rawValue
            case .rule: rule?.text
            case .securityGroup: securityGroup?.text
            case .networkInterface: networkInterface?.text
            case .direction: direction?.rawValue
            default: nil
            }
        return text.map(ClaimValue.text) ?? .nothing
    }
}

extension OperationOutcome {
    /// What the answer says of `subject`; nothing if it is no matter of operations.
    fileprivate func value(of subject: Claim.Subject) -> ClaimValue {
        switch (self, subject) {
        case (.success, .ok): return .truth(true)
        case (.refused, .ok): return .truth(false)
        case (.refused(let refusal), .errorCode): return .text(refusal.code)
        case (.refused(let refusal), .errorHTTPStatus): return .number(refusal.httpStatus)
        case (.success(let success), .unknownPermissions):
            guard case .array(let unknown)? = success.returned["unknownPermissions"] else {
                return .number(0)
            }
            return .number(unknown.count)
        default: return .nothing
        }
    }
}
