import CloudModel
import ControlPlane
import Testing

@Suite("Interfaces come and go")
struct LifecycleTests {
    private let detach = ("DetachNetworkInterface", RefusalTable.detach.base)
    private let completed = ("DetachCompleted", ["NetworkInterfaceId": "eni-s"] as Request)
    private let restarted = ("InstanceRestarted", ["InstanceId": "i-a"] as Request)
    private let attach = (
        "AttachNetworkInterface", ["NetworkInterfaceId": "eni-s", "InstanceId": "i-b"] as Request
    )

    private func status(after requests: [(String, Request)], in fleet: Fleet) -> [String] {
        var cloud = ControlPlane(fleet)
        return requests.map { name, parameters in
            let outcome = cloud.perform(OperationRequest(name, parameters))
            let interface = cloud.fleet.networkInterfaces[1]
            return "\(outcome.summary): \(interface.status.rawValue) at "
                + "\(interface.instance?.text ?? "none")"
        }
    }

    @Test("a detach waits for the guest, then the interface is free for another instance")
    func detached() {
        #expect(
            status(after: [detach, detach, completed, detach, attach], in: alibabaWorld()) == [
                "ok: Detaching at i-a", "ok: Detaching at i-a", "ok: Available at none",
                "400 InvalidOperation.InvalidEniState: Available at none", "ok: InUse at i-b",
            ])
    }

    @Test("a stuck detach waits for the instance's restart")
    func stuck() {
        var fleet = alibabaWorld()
        fleet.interface("eni-s") { $0.detachStuck = true }
        #expect(
            status(after: [detach, completed, detach, restarted, attach], in: fleet) == [
                "ok: Detaching at i-a", "ok: Detaching at i-a", "ok: Detaching at i-a",
                "ok: Available at none", "ok: InUse at i-b",
            ])
    }

    @Test("a free interface stays in its groups")
    func groupsStay() {
        var cloud = ControlPlane(alibabaWorld())
        for (name, parameters) in [detach, completed] {
            _ = cloud.perform(OperationRequest(name, parameters))
        }
        #expect(cloud.fleet.networkInterfaces[1].securityGroups == ["sg-a", "sg-b"])
        #expect(
            cloud.interfaces(changedBy: [.innerAccessPolicyChanged(of: "sg-b", to: .drop)])
                == ["eni-a", "eni-s"])
    }

    static let attachments: [(String, @Sendable (inout Fleet) -> Void)] = [
        ("ok", { _ in }),
        (
            "400 InvalidOperation.InvalidEniState",
            { $0.interface("eni-f") { $0.status = .attaching } }
        ),
        ("403 InvalidOperation.VpcMismatch", { $0.interface("eni-a") { $0.vpc = "vpc-2" } }),
        (
            "403 InvalidOperation.AvailabilityZoneMismatch",
            {
                $0.interface("eni-f") { $0.zone = "a" }
                $0.instance("i-a") { $0.zone = "b" }
            }
        ),
        ("403 InvalidSecurityGroupId.NotVpc", { $0.group("sg-a") { $0.vpc = nil } }),
        (
            "400 InvalidOperation.InvalidEcsState",
            { $0.instance("i-a") { $0.status = "Stopping" } }
        ),
        ("403 InvalidOperation.InvalidEniType", { $0.interface("eni-f") { $0.type = .member } }),
        ("403 InvalidInstanceId.NotFound", { $0.instance("i-a") { $0.owner = "2" } }),
    ]

    @Test("an attach is refused", arguments: attachments.indices)
    func attachRefused(index: Int) {
        var fleet = alibabaWorld()
        LifecycleTests.attachments[index].1(&fleet)
        let request: Request = ["NetworkInterfaceId": "eni-f", "InstanceId": "i-a"]
        #expect(
            outcome(in: fleet, "AttachNetworkInterface", request)
                == LifecycleTests.attachments[index].0)
    }

    @Test("AWS names the tie, and asks for its name")
    func aws() {
        let results = outcomes(
            in: awsWorld(),
            [
                ("DetachNetworkInterface", ["AttachmentId": "eni-attach-a"]),
                ("DetachNetworkInterface", ["AttachmentId": "eni-attach-s", "DryRun": "true"]),
                ("DetachNetworkInterface", ["AttachmentId": "eni-attach-s"]),
                ("DetachCompleted", ["NetworkInterfaceId": "eni-s"]),
                ("DetachNetworkInterface", ["AttachmentId": "eni-attach-s"]),
                ("AttachNetworkInterface", ["NetworkInterfaceId": "eni-s", "InstanceId": "i-b"]),
                ("AttachNetworkInterface", ["NetworkInterfaceId": "eni-s", "InstanceId": "i-b"]),
                ("DetachNetworkInterface", ["AttachmentId": "eni-attach-00000000000000001"]),
            ])
        #expect(
            results.map(\.summary) == [
                "400 OperationNotPermitted", "412 DryRunOperation", "ok", "ok",
                "400 InvalidAttachmentID.NotFound", "ok", "400 InvalidNetworkInterface.InUse",
                "ok",
            ])
        #expect(
            results[5].success?.returned == ["attachmentId": "eni-attach-00000000000000001"])
    }
}
