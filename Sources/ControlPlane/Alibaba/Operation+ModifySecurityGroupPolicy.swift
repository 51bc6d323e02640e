internal import CloudModel

extension Operation {
    /// Opens a basic group to its own members, or stops doing so. Source: SEMANTICS A.5, D.
    static let modifySecurityGroupPolicy = Operation(
        "ModifySecurityGroupPolicy",
        parameters: ["RegionId", "ClientToken", "SecurityGroupId", "InnerAccessPolicy"]
    ) { parameters, state throws(Refusal) in
        let id = try parameters.identifier("SecurityGroupId", "sg-", orRefuse: .malformedGroupID)
        let word = try parameters.text("InnerAccessPolicy", orRefuse: .malformedPolicy)
        let policy = InnerAccessPolicy.allCases.first {
            $0.rawValue.lowercased() == word?.lowercased()
        }
        guard let policy else { throw .malformedPolicy }
        let region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))
        let group = try state.ownGroup(SecurityGroupID(id), region: region)
        try refuse(.managedGroup(group.id), if: group.serviceManaged)
        try refuse(.closedGroup(group.id), if: group.type == .enterprise)
        guard group.innerAccessPolicy != policy else { return Plan() }
        return Plan(changes: [.innerAccessPolicyChanged(of: group.id, to: policy)])
    }
}

extension Refusal {
    fileprivate static let malformedPolicy = Refusal(
        400, "InvalidPolicy.Malformed", "`InnerAccessPolicy` is neither `Accept` nor `Drop`")

    fileprivate static func closedGroup(_ id: SecurityGroupID) -> Refusal {
        Refusal(
            400, "InvalidGroupParameter.OperationDenied",
            "the advanced security group `\(id)` is always closed inside")
    }
}
