package import CloudModel
package import ControlPlane

/// A fleet, what happens to it, and what must come of each step: format of FORMATS section 4.
///
/// A plain value; any thread may run it.
package struct Scenario: Sendable {
    /// What the author calls it; `nil` if the file does not say.
    package var id: String?
    /// Texts that are carried along: `confidence`, `source`, `note`.
    package var labels: [String: String] = [:]
    /// The file's name as it was given.
    package var file: String
    /// Where the scenario begins in the file, from 1.
    package var line: Int
    package var fleet: Fleet
    package var steps: [ScenarioStep]

    /// A scenario at a line of a file.
    package init(
        id: String? = nil, file: String, line: Int, fleet: Fleet, steps: [ScenarioStep]
    ) {
        self.id = id
        self.file = file
        self.line = line
        self.fleet = fleet
        self.steps = steps
    }
}

/// One thing that happens, and what must come of it.
package struct ScenarioStep: Hashable, Sendable {
    /// What happens.
    package enum Action: Hashable, Sendable {
        case packet(SeenPacket)
        case operation(OperationRequest)
        /// The clock goes on; back if negative.
        case advance(Duration)
    }

    package var action: Action
    package var claims: [Claim]

    /// A step with its expectations.
    package init(_ action: Action, claims: [Claim] = []) {
        self.action = action
        self.claims = claims
    }
}

/// A packet, and where it was seen as far as that is known.
package struct SeenPacket: Hashable, Sendable {
    package var packet: Packet
    /// `nil`: at the interfaces that own the addresses.
    package var networkInterface: NetworkInterfaceID?
    /// `nil`: the way that the addresses say.
    package var direction: Direction?

    /// A packet, seen at an interface or wherever its addresses are.
    package init(
        _ packet: Packet, at networkInterface: NetworkInterfaceID? = nil,
        _ direction: Direction? = nil
    ) {
        self.packet = packet
        self.networkInterface = networkInterface
        self.direction = direction
    }
}

extension SeenPacket {
    /// Where a packet is evaluated.
    enum Place {
        /// There, or if it is `nil` at the interfaces that own the addresses.
        case bound(InterfaceBinding?)
        case nowhere(Reason)
    }

    /// Where the packet is evaluated in `fleet`. A direction alone means the one interface that
    /// owns the address on that side.
    func place(in fleet: Fleet) -> Place {
        if let networkInterface {
            return .bound(InterfaceBinding(networkInterface, direction))
        }
        guard let direction else { return .bound(nil) }
        let own = packet.addresses(seen: direction).local
        let owners = fleet.networkInterfaces.filter { $0.owns(own) }
        guard let owner = owners.first else { return .nowhere(.noInterface) }
        return owners.count == 1
            ? .bound(InterfaceBinding(owner.id, direction)) : .nowhere(.ambiguousInterface)
    }
}
