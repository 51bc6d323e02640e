/// A user's word on where packets are evaluated: `eni-a`, or `eni-a:ingress`.
///
/// Without a direction the packet's addresses decide it: egress if the interface owns the source,
/// ingress if it owns the destination. With one, the addresses are not consulted. Source: FORMATS
/// section 5.
package struct InterfaceBinding: Hashable, Sendable, CustomStringConvertible {
    package var networkInterface: NetworkInterfaceID
    package var direction: Direction?

    package init(_ networkInterface: NetworkInterfaceID, _ direction: Direction? = nil) {
        self.networkInterface = networkInterface
        self.direction = direction
    }

    /// Reads an interface's id and, behind a colon, `ingress` or `egress`.
    package init(_ text: String) {
        for direction in Direction.allCases where text.hasSuffix(":\(direction.rawValue)") {
            let id = text.dropLast(direction.rawValue.count + 1)
            self.init(NetworkInterfaceID(String(id)), direction)
            return
        }
        self.init(NetworkInterfaceID(text))
    }

    /// The form that ``init(_:)`` reads.
    package var description: String {
        direction.map { "\(networkInterface):\($0.rawValue)" } ?? networkInterface.text
    }
}
