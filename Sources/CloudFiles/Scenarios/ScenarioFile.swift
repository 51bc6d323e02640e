internal import CloudModel
internal import Foundation
package import Scenarios

/// Scenarios that were read, and what their author should know about the files.
package struct LoadedScenarios: Sendable {
    package var scenarios: [Scenario] = []
    /// One line each, with the place.
    package var warnings: [String] = []
}

/// Reads the scenario file at `path`: see ``loadScenarios(_:file:)``. `-` is standard input.
///
/// - Throws: ``FleetFileError``, with every mistake of the file.
package func loadScenarios(path: String) throws(FleetFileError) -> LoadedScenarios {
    let bytes: [UInt8]
    do throws(UnreadableFile) {
        bytes = try readFile(path: path == "-" ? "/dev/stdin" : path)
    } catch {
        throw .unreadable(error)
    }
    return try loadScenarios(bytes, file: path)
}

/// Reads scenarios from the bytes of a file that messages call `file`: JSON objects, each of which
/// begins on a line of its own and may go on over several (FORMATS section 4).
///
/// A fleet that is named by a path is read from there, starting from the folder of `file`.
///
/// - Throws: ``FleetFileError/malformed(file:_:)``, with every mistake of the file.
package func loadScenarios(
    _ bytes: [UInt8], file: String
) throws(FleetFileError) -> LoadedScenarios {
    var document = DocumentReader(bytes)
    var loaded = LoadedScenarios()
    var fleets = NamedFleets(besideFile: file)
    var place = LineCounter()
    do throws(JSONSyntaxError) {
        document.json.skipWhiteSpace()
        if document.json.peek == nil { document.report(.noScenario) }
        while document.json.peek != nil {
            place.advance(to: document.json.offset, in: bytes)
            let scenario = try document.readScenario(file: file, line: place.line, &fleets)
            if let scenario { loaded.scenarios.append(scenario) }
            try document.json.finishLine()
            document.json.skipWhiteSpace()
        }
    } catch {
        document.report(error)
    }
    guard document.errors.count == 0 else {
        throw .malformed(file: file, document.errors.problems(in: bytes))
    }
    loaded.warnings =
        document.warnings.problems(in: bytes).lines(file: file) + fleets.warnings
    return loaded
}

/// The fleets that scenarios name by their paths, each read once.
struct NamedFleets {
    private let folder: URL
    private var known: [String: NamedFleet] = [:]
    /// What is worth knowing about them, one line each.
    private(set) var warnings: [String] = []

    init(besideFile file: String) {
        folder = URL(fileURLWithPath: file == "-" ? "./-" : file).deletingLastPathComponent()
    }

    /// The fleet at `path`.
    subscript(path: String) -> NamedFleet {
        mutating get {
            if let fleet = known[path] { return fleet }
            let fleet = read(URL(fileURLWithPath: path, relativeTo: folder).path)
            known[path] = fleet
            return fleet
        }
    }

    private mutating func read(_ path: String) -> NamedFleet {
        do throws(FleetFileError) {
            let loaded = try loadFleet(path: path)
            warnings += loaded.warnings.lines(file: path)
            return .read(loaded.fleet)
        } catch {
            return .failed(error.lines[0])
        }
    }
}

/// What became of a fleet that a scenario names by a path.
enum NamedFleet {
    case read(Fleet)
    /// With the first thing that is wrong.
    case failed(String)
}
