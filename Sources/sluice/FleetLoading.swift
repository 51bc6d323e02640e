import CloudFiles
import CloudModel

/// Reads the fleet that `-f` names, and prints warnings about it.
///
/// - Throws: ``CommandFailure/malformed(_:)`` with every mistake of the file.
func loadFleet(_ arguments: Arguments) throws(CommandFailure) -> Fleet {
    let path = arguments.required(.fleet)
    do throws(FleetFileError) {
        let loaded = try loadFleet(path: path)
        printMessages(loaded.warnings.lines(file: path).map { "sluice: warning: \($0)" })
        return loaded.fleet
    } catch {
        switch error {
        case .unreadable(let file): throw .input("\(file)")
        case .malformed: throw .malformed(error.lines)
        }
    }
}
