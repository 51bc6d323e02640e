/// How large a made-up fleet is.
struct FleetShape: Sendable {
    /// The last part of its rows' names.
    let name: String
    let interfaceCount: Int
    let groupCount: Int

    static let rulesPerGroup = 100
    static let groupsPerInterface = 5
    static let entriesPerList = 200

    /// Interfaces of one VPC; VPCs all have the same addresses.
    static let interfacesPerVPC = 10_000

    var vpcCount: Int { max(1, interfaceCount / FleetShape.interfacesPerVPC) }
    var listCount: Int { max(2, groupCount / 20) }

    static let small = FleetShape(name: "S", interfaceCount: 100, groupCount: 20)
    static let thousand = FleetShape(name: "1k", interfaceCount: 1_000, groupCount: 100)
    static let medium = FleetShape(name: "M", interfaceCount: 10_000, groupCount: 1_000)
    static let large = FleetShape(name: "L", interfaceCount: 100_000, groupCount: 10_000)

    /// Small ones first.
    static let all = [small, thousand, medium, large]
}
