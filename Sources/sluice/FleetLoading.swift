import CloudFiles
import CloudModel

/// Reads the fleet that `-f` names, and prints warnings about it.
///
/// - Throws: ``CommandFailure/malformed(_:)`` with every mistake of the file.
func loadFleet(_ arguments: Arguments) throws(CommandFailure) -> Fleet {
    try loadFleet(at: arguments.required(.fleet))
}

/// Reads the fleet at `path`, and prints warnings about it.
///
/// - Throws: ``CommandFailure/malformed(_:)`` with every mistake of the file.
func loadFleet(at path: String) throws(CommandFailure) -> Fleet {
    do throws(FleetFileError) {
        let loaded = try loadFleet(path: path)
        printMessages(loaded.warnings.lines(file: path).map { "sluice: warning: \($0)" })
        return loaded.fleet
    } catch {
        throw CommandFailure(error)
    }
}

extension CommandFailure {
    /// What a file of fleets, calls or scenarios that cannot be used means for a command.
    init(_ error: FleetFileError) {
        switch error {
        case .unreadable(let file): self = .input("\(file)")
        case .malformed: self = .malformed(error.lines)
        }
    }
}

extension Arguments {
    /// The interface that `--interface` names.
    ///
    /// - Throws: ``CommandFailure/input(_:)`` if the fleet does not have it.
    func binding(in fleet: Fleet) throws(CommandFailure) -> InterfaceBinding? {
        guard let binding = text(.interface).map({ InterfaceBinding($0) }) else { return nil }
        guard fleet.networkInterfaces.contains(where: { $0.id == binding.networkInterface }) else {
            throw .input("the fleet has no network interface `\(binding.networkInterface)`")
        }
        return binding
    }

    /// The VPC that `--vpc` names.
    ///
    /// - Throws: ``CommandFailure/input(_:)`` if the fleet does not have it.
    func vpc(in fleet: Fleet) throws(CommandFailure) -> VPCID? {
        guard let vpc = text(.vpc).map({ VPCID($0) }) else { return nil }
        guard fleet.vpcs.contains(where: { $0.id == vpc }) else {
            throw .input("the fleet has no vpc `\(vpc)`")
        }
        return vpc
    }
}
