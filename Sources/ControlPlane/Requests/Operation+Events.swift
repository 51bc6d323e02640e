internal import CloudModel

extension Operation {
    /// What happens without a call. Source: SEMANTICS C.4, FORMATS section 2.
    static let events = [detachCompleted, instanceRestarted]

    /// The guest gave the interface back.
    private static let detachCompleted = Operation(
        "DetachCompleted", parameters: ["NetworkInterfaceId"], mandatory: ["NetworkInterfaceId"]
    ) { parameters, state throws(Refusal) in
        let id = try parameters.text(
            "NetworkInterfaceId", orRefuse: .invalidParameter("NetworkInterfaceId"))
        guard let interface = state.interface(NetworkInterfaceID(id ?? "")) else {
            throw .unknownInterface(NetworkInterfaceID(id ?? ""))
        }
        try refuse(.interfaceState(interface), if: interface.status != .detaching)
        if interface.detachStuck {
            return Plan(warnings: [
                "the detach of `\(interface.id)` is stuck until its instance restarts"
            ])
        }
        return Plan(changes: released(interface))
    }

    /// The instance went down and up again, which ends every detach that waits for its answer.
    private static let instanceRestarted = Operation(
        "InstanceRestarted", parameters: ["InstanceId"], mandatory: ["InstanceId"]
    ) { parameters, state throws(Refusal) in
        let text = try parameters.text("InstanceId", orRefuse: .invalidParameter("InstanceId"))
        let id = InstanceID(text ?? "")
        guard state.instance(id) != nil else { throw .unknownInstance(id) }
        let waiting = state.interfaces(of: id).filter { $0.status == .detaching }
        return Plan(changes: waiting.flatMap(released))
    }

    /// What changes when `interface`, which is detaching, is free.
    static func released(_ interface: NetworkInterface) -> [FleetChange] {
        [
            .statusChanged(of: interface.id, from: interface.status, to: .available),
            .attachmentChanged(of: interface.id, to: InterfaceAttachment()),
        ]
    }
}
