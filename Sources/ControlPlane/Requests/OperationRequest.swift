package import CloudModel

/// One API call, or one of the events `DetachCompleted` and `InstanceRestarted`.
///
///     OperationRequest("LeaveSecurityGroup", ["SecurityGroupId": "sg-a", "InstanceId": "i-a"])
package struct OperationRequest: Hashable, Sendable {
    /// The vendor's name of the call.
    package var operation: String
    /// The vendor's parameters, without `Action`.
    package var parameters: [String: ParameterValue]

    /// A call of `operation` with `parameters`.
    package init(_ operation: String, _ parameters: [String: ParameterValue]) {
        self.operation = operation
        self.parameters = parameters
    }
}

/// What the control plane answers.
package enum OperationOutcome: Hashable, Sendable {
    case success(OperationSuccess)
    case refused(Refusal)
}

/// The answer to a call that was carried out.
package struct OperationSuccess: Hashable, Sendable {
    /// Numbered by the control plane.
    package var requestID: String
    /// What differs from the fleet before, in order. None when nothing had to be done.
    package var changes: [FleetChange]
    /// What the caller should know, such as a rule to revoke that was not there.
    package var warnings: [String]
    /// What the vendor returns beside the request id, by its name in operation results:
    /// `unknownPermissions`, `revokedRules`, `securityGroupRules`, `securityGroupId`,
    /// `attachmentId`.
    package var returned: [String: ParameterValue]
}

/// Why the control plane does not carry out a call: the vendor's code and HTTP status.
package struct Refusal: Error, Hashable, Sendable {
    package var code: String
    package var httpStatus: Int
    package var message: String

    /// The refusal with the vendor's `code`.
    package init(_ httpStatus: Int, _ code: String, _ message: String) {
        self.code = code
        self.httpStatus = httpStatus
        self.message = message
    }
}
