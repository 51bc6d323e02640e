internal import CloudModel

extension Operation {
    /// The calls that a fleet of `vendor` takes, by name.
    static func catalog(of vendor: Vendor) -> [String: Operation] {
        switch vendor {
        case .alibaba: alibaba
        case .aws: aws
        }
    }

    private static let alibaba = byName(
        events + privateAddresses + [
            joinSecurityGroup, leaveSecurityGroup, revokeSecurityGroup, revokeSecurityGroupEgress,
            authorizeSecurityGroup, authorizeSecurityGroupEgress, modifySecurityGroupRule,
            modifySecurityGroupEgressRule, modifySecurityGroupPolicy, attachNetworkInterface,
            detachNetworkInterface, modifyNetworkInterfaceAttribute, modifyInstanceAttribute,
            modifyPrefixList, createSecurityGroup, deleteSecurityGroup,
        ])

    private static let aws = byName(
        events + [
            authorizeIngress, authorizeEgress, revokeIngress, revokeEgress,
            modifySecurityGroupRules, awsModifyInterface, awsModifyInstance, awsAttachInterface,
            awsDetachInterface, modifyManagedPrefixList, awsCreateGroup, awsDeleteGroup,
        ])

    private static func byName(_ operations: [Operation]) -> [String: Operation] {
        Dictionary(uniqueKeysWithValues: operations.map { ($0.name, $0) })
    }
}
