/// The choices that the vendors' documents leave open, each with the default that SEMANTICS names.
package struct Switches: Hashable, Sendable {
    /// What a revoke by properties answers when no rule fits.
    package enum RevokeMissing: String, Hashable, Sendable, CaseIterable { case seed, strict }
    /// Whether the priority belongs to a rule's identity on revoke.
    package enum RevokePriority: String, Hashable, Sendable, CaseIterable { case exact, ignore }
    /// Whether intra-group accept also skips custom egress rules.
    package enum InnerAcceptEgress: String, Hashable, Sendable, CaseIterable { case off, bypass }
    /// Whether rules of advanced groups may carry a policy and a priority.
    package enum EnterprisePolicy: String, Hashable, Sendable, CaseIterable { case allowed, denied }
    /// Which code a leave answers for a target outside the group.
    package enum LeaveCode: String, Hashable, Sendable, CaseIterable { case current, legacy }
    /// What happens to sessions when a rule or a membership changes.
    package enum SessionOnChange: String, Hashable, Sendable, CaseIterable {
        case reevaluate, keep, flush
    }
    /// What Alibaba Cloud answers when a rule id is unknown.
    package enum AlibabaMissingRuleID: String, Hashable, Sendable, CaseIterable {
        case notFound = "404 InvalidSecurityGroupRuleId.NotFound"
        case invalidParameter = "400 InvalidParam.SecurityGroupRuleId"
    }
    /// What AWS answers when a rule id is unknown.
    package enum AWSMissingRuleID: String, Hashable, Sendable, CaseIterable {
        case ruleNotFound = "InvalidSecurityGroupRuleId.NotFound"
        case permissionNotFound = "InvalidPermission.NotFound"
    }
    /// How a fragment without a transport header is decided.
    package enum Fragments: String, Hashable, Sendable, CaseIterable {
        /// As the first fragment of its datagram was, if the capture showed it.
        case firstFragmentDecides = "first-fragment-decides"
        /// By the rules that restrict no ports, else by the default step.
        case noPortMatch = "no-port-match"
        /// It is dropped.
        case drop
    }

    package var revokeMissing: RevokeMissing = .seed
    package var revokeMissingIDCode: AlibabaMissingRuleID = .notFound
    package var revokePriority: RevokePriority = .exact
    package var innerAcceptEgress: InnerAcceptEgress = .off
    package var enterprisePolicy: EnterprisePolicy = .allowed
    package var leaveCode: LeaveCode = .current
    package var sessionOnChange: SessionOnChange = .reevaluate
    package var awsRevokeMissingIDCode: AWSMissingRuleID = .ruleNotFound
    package var fragments: Fragments = .firstFragmentDecides

    package init() {}
}

/// The limits that operations check; loading a fleet never does. Source: SEMANTICS A.12.
package struct Quotas: Hashable, Sendable {
    package var groupsPerInterface = 5
    package var rulesPerInterface = 1000
    /// `nil` is no limit.
    package var rulesPerGroup: Int?
    package var groupReferencesPerGroup = 20
    package var addressesPerGroup = 6000
    package var interfacesPerEnterpriseGroup = 65536
    /// `nil` is no limit.
    package var connectionsPerInstance: Int?

    package init() {}
}
