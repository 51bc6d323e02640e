import CloudModel
import ControlPlane

extension RefusalTable {
    static let detach = RefusalTable(
        operation: "DetachNetworkInterface", vendor: .alibaba,
        base: [
            "RegionId": "cn-hangzhou", "NetworkInterfaceId": "eni-s", "InstanceId": "i-a",
        ])

    /// SEMANTICS C.4.
    static let detachCases: [RefusalCase] = [
        detach.refuses("1", 400, "MissingParameter", isIndependent: false) {
            $0["InstanceId"] = nil
        },
        detach.refuses("2", 400, "UnsupportedParameter") {
            $0["TrunkNetworkInstanceId"] = "eni-q"
        },
        detach.refuses("2", 400, "UnsupportedParameter") { $0["InstanceID"] = "i-a" },
        detach.refuses("3", 400, "InvalidInstanceID.Malformed") { $0["InstanceId"] = "a" },
        detach.refuses("4", 400, "InvalidParams.EniId") { $0["NetworkInterfaceId"] = "a" },
        detach.refuses("5", 400, "InvalidParameter") { $0["RegionId"] = [[:]] },
        detach.refuses(
            "6", 400, "InvalidOperation.InvalidRegion",
            in: { $0.interface("eni-s") { $0.region = "cn-beijing" } }),
        detach.refuses(
            "7", 400, "Forbidden.RegionId", in: { $0.supportedRegions = ["cn-beijing"] }),
        detach.refuses(
            "8", 404, "InvalidEniId.NotFound", in: { $0.interface("eni-s") { $0.owner = "2" } }),
        detach.refuses("9", 404, "InvalidEcsId.NotFound") { $0["InstanceId"] = "i-none" },
        detach.refuses(
            "9'", 403, "InvalidInstanceId.NotFound",
            in: { $0.instance("i-a") { $0.owner = "2" } }),
        detach.refuses(
            "10", 403, "InvalidOperation.EniServiceManaged",
            in: { $0.interface("eni-s") { $0.serviceManaged = true } }),
        detach.refuses(
            "11", 400, "InvalidOperation.DetachPrimaryEniNotAllowed", isIndependent: false,
            in: { $0.interface("eni-s") { $0.type = .primary } }),
        detach.refuses(
            "12", 400, "InvalidOperation.InvalidEniState",
            in: { $0.interface("eni-s") { $0.status = .available } }),
        detach.refuses(
            "13", 400, "InvalidParameter.EniNotBelongEcs",
            in: { $0.interface("eni-s") { $0.instance = "i-b" } }),
        detach.refuses(
            "14", 400, "InvalidOperation.InvalidEcsState",
            in: { $0.instance("i-a") { $0.status = "Starting" } }),
        detach.refuses(
            "15", 400, "InvalidOperation.EniHotPlugNotSupported",
            in: { $0.interface("eni-s") { $0.trafficMode = .highPerformance } }),
        detach.refuses(
            "16", 403, "InvalidOperation.HotPlugNotSupport",
            in: { $0.instance("i-a") { $0.capabilities.hotPlug = false } }),
        detach.refuses(
            "17", 403, "InvalidOperation.EniLinked",
            in: { $0.interface("eni-s") { $0.linkedInterfaces = ["eni-b"] } }),
        detach.refuses(
            "18", 403, "InvalidOperation.HasMemberEniAttached", isIndependent: false,
            in: {
                $0.interface("eni-s") { $0.type = .trunk }
                $0.interface("eni-f") { $0.trunk = "eni-s" }
            }),
        detach.refuses(
            "20", 403, "InvalidOperation.InvalidEniType",
            in: { $0.interface("eni-s") { $0.type = .member } }),
    ]
}
