internal import CloudModel

/// A call that the control plane knows: what it may be given and what it does.
struct Operation: Sendable {
    /// Turns a call into what it would change, or refuses it. It reads the state and changes
    /// nothing, so a refused call leaves no trace.
    typealias Planning = @Sendable (Parameters, CloudState) throws(Refusal) -> Plan

    /// The vendor's name.
    let name: String
    /// The parameters that may be given (`ClientToken` if the call is idempotent), beside those
    /// that every call may have.
    let parameters: Set<String>
    /// Those without which the first check fails.
    var mandatory: [String] = []
    let plan: Planning

    init(
        _ name: String, parameters: Set<String>, mandatory: [String] = [],
        plan: @escaping Planning
    ) {
        self.name = name
        self.parameters = parameters
        self.mandatory = mandatory
        self.plan = plan
    }

    /// Refuses parameters that are missing or that the call does not have, so that a slip of the
    /// pen never silently opens or closes traffic.
    func checkNames(_ given: Parameters, vendor: Vendor) throws(Refusal) {
        for name in mandatory where !given.has(name) { throw .missingParameter(name) }
        let common = Operation.commonParameters(of: vendor)
        for name in given.names where !parameters.contains(name) && !common.contains(name) {
            throw vendor == .aws ? .unknownParameter(name) : .unsupportedParameter(name)
        }
    }

    /// What every call may have: the caller's identity and signature, which the model does not
    /// check.
    private static func commonParameters(of vendor: Vendor) -> Set<String> {
        switch vendor {
        case .alibaba: alibabaCommonParameters
        case .aws: awsCommonParameters
        }
    }

    private static let alibabaCommonParameters: Set<String> = [
        "Action", "Version", "Format", "RegionId", "OwnerId", "OwnerAccount",
        "ResourceOwnerId", "ResourceOwnerAccount", "AccessKeyId", "SecurityToken", "Signature",
        "SignatureMethod", "SignatureNonce", "SignatureType", "SignatureVersion", "Timestamp",
    ]

    private static let awsCommonParameters: Set<String> = [
        "Action", "Version", "AWSAccessKeyId", "Expires", "SecurityToken", "Signature",
        "SignatureMethod", "SignatureVersion", "Timestamp", "X-Amz-Algorithm",
        "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token",
        "X-Amz-Signature", "X-Amz-SignedHeaders",
    ]
}

/// What a call would do, found before anything is changed.
struct Plan {
    var changes: [FleetChange] = []
    var warnings: [String] = []
    var returned: [String: ParameterValue] = [:]
    /// The last number that the plan takes from the fleet's rule counter.
    var lastRuleNumber: Int?
}
