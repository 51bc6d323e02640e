package import CloudModel

/// A fleet that was read, and what its author should know about the file.
package struct LoadedFleet: Sendable {
    package var fleet: Fleet
    package var warnings: FileProblems
}

/// Why a file gave no fleet, or no operations.
package enum FleetFileError: Error, Hashable, Sendable {
    /// The file could not be read.
    case unreadable(UnreadableFile)
    /// The file holds mistakes: all those that were found.
    case malformed(file: String, FileProblems)

    /// What to tell the user, one line for each problem.
    package var lines: [String] {
        switch self {
        case .unreadable(let file): [file.description]
        case .malformed(let file, let problems): problems.lines(file: file)
        }
    }
}

/// Reads the fleet file (`sluice-fleet/1`) at `path`.
///
/// - Throws: ``FleetFileError``, with every mistake of the file.
package func loadFleet(path: String) throws(FleetFileError) -> LoadedFleet {
    let bytes: [UInt8]
    do throws(UnreadableFile) {
        bytes = try readFile(path: path)
    } catch {
        throw .unreadable(error)
    }
    return try loadFleet(bytes, file: path)
}

/// Reads a fleet from the bytes of a file that messages call `file`.
///
/// - Throws: ``FleetFileError/malformed(file:_:)``, with every mistake of the file.
package func loadFleet(_ bytes: [UInt8], file: String) throws(FleetFileError) -> LoadedFleet {
    var document = DocumentReader(bytes)
    var fleet: Fleet?
    do throws(JSONSyntaxError) {
        fleet = try FleetReader.readFleet(from: &document)
        try document.json.finish()
    } catch {
        document.report(error)
    }
    guard let fleet, document.errors.count == 0 else {
        throw .malformed(file: file, document.errors.problems(in: bytes))
    }
    return LoadedFleet(fleet: fleet, warnings: document.warnings.problems(in: bytes))
}
