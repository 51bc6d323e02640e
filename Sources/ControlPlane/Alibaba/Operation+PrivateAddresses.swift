internal import CloudModel

/// Adding and removing the private addresses of an interface, which groups that name its groups see
/// at once. Source: SEMANTICS A.7, D.
extension Operation {
    static let privateAddresses = [
        assignment("AssignPrivateIpAddresses", .ipv4, ["PrivateIpAddress", "Ipv4Prefix"]),
        assignment("AssignIpv6Addresses", .ipv6, ["Ipv6Address", "Ipv6Prefix"]),
        unassignment("UnassignPrivateIpAddresses", .ipv4, ["PrivateIpAddress", "Ipv4Prefix"]),
        unassignment("UnassignIpv6Addresses", .ipv6, ["Ipv6Address", "Ipv6Prefix"]),
    ]

    private static func assignment(
        _ name: String, _ family: AddressFamily, _ lists: [String]
    ) -> Operation {
        Operation(
            name, parameters: Set(lists).union(["RegionId", "ClientToken", "NetworkInterfaceId"]),
            mandatory: ["NetworkInterfaceId"]
        ) { parameters, state throws(Refusal) in
            let blocks = try readBlocks(lists, family, parameters)
            let interface = try state.interfaceToReaddress(parameters)
            try state.checkRoom(for: blocks, at: interface)
            return Plan(changes: [.addressesAdded(blocks, to: interface.id)])
        }
    }

    private static func unassignment(
        _ name: String, _ family: AddressFamily, _ lists: [String]
    ) -> Operation {
        Operation(
            name, parameters: Set(lists).union(["RegionId", "NetworkInterfaceId"]),
            mandatory: ["NetworkInterfaceId"]
        ) { parameters, state throws(Refusal) in
            let blocks = try readBlocks(lists, family, parameters)
            let interface = try state.interfaceToReaddress(parameters)
            for block in blocks {
                try refuse(.primaryAddress(block), if: block == interface.addresses.first)
                try refuse(.unassignedAddress(block), if: !interface.addresses.contains(block))
            }
            return Plan(changes: [.addressesRemoved(blocks, from: interface.id)])
        }
    }
}

private func readBlocks(
    _ lists: [String], _ family: AddressFamily, _ parameters: Parameters
) throws(Refusal) -> [CIDRBlock] {
    var blocks: [CIDRBlock] = []
    for name in lists {
        for text in try parameters.texts(name, orRefuse: .invalidParameter(name)) ?? [] {
            guard let block = CIDRBlock(text), block.family == family, !block.hasHostBits,
                name.hasSuffix("Prefix") || block.prefixLength == family.addressBitCount
            else { throw .invalidParameter(name) }
            blocks.append(block)
        }
    }
    try refuse(.missingParameter(lists[0]), if: blocks.isEmpty)
    for (index, block) in blocks.enumerated() {
        try refuse(.assignedAddress(block), if: blocks[..<index].contains(where: block.overlaps))
    }
    return blocks
}

extension CloudState {
    fileprivate func interfaceToReaddress(
        _ parameters: Parameters
    ) throws(Refusal) -> NetworkInterface {
        let text = try parameters.identifier(
            "NetworkInterfaceId", "eni-", orRefuse: .malformedENIID)
        let region = try parameters.text("RegionId", orRefuse: .invalidParameter("RegionId"))
        let id = NetworkInterfaceID(text)
        guard let interface = interface(id), isOwn(interface.owner),
            isIn(region, interface.region)
        else { throw .unknownInterface(id) }
        try refuse(.managedInterface(id), if: interface.serviceManaged)
        try refuse(.interfaceState(interface), if: !interface.status.isSettled)
        return interface
    }

    /// Refuses addresses that are in use in the VPC, or that a group has no room for.
    ///
    /// - Complexity: O(addresses of all interfaces).
    fileprivate func checkRoom(
        for blocks: [CIDRBlock], at interface: NetworkInterface
    ) throws(Refusal) {
        for other in fleet.networkInterfaces where other.vpc == interface.vpc {
            for block in blocks where other.addresses.contains(where: block.overlaps) {
                throw .assignedAddress(block)
            }
        }
        let limit = fleet.quotas.addressesPerGroup
        for id in interface.securityGroups {
            let count = facts(of: id).addressCount + blocks.count
            try refuse(
                .fullGroup("SecurityGroupInstanceLimitExceed", id, limit: limit),
                if: group(id)?.type == .normal && count > limit)
        }
    }
}

extension Refusal {
    fileprivate static func assignedAddress(_ block: CIDRBlock) -> Refusal {
        Refusal(400, "InvalidIp.IpAssigned", "`\(block)` is in use in the vpc")
    }

    fileprivate static func unassignedAddress(_ block: CIDRBlock) -> Refusal {
        Refusal(400, "InvalidIp.IpUnassigned", "the network interface does not have `\(block)`")
    }

    fileprivate static func primaryAddress(_ block: CIDRBlock) -> Refusal {
        Refusal(
            400, "InvalidIp.IpUnassigned",
            "`\(block)` is the primary address, which stays with the network interface")
    }
}
