import CloudFiles
import Foundation
import Scenarios
import TestSupport

/// The scenarios that are checked in, in `Tests/Scenarios`.
enum OwnScenarios {
    static let folder = SharedFolder.packageRoot.appendingPathComponent("Tests/Scenarios")

    /// The names of the files.
    static let files: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
        .filter { $0.hasSuffix(".jsonl") }.sorted() ?? []

    static func load(_ file: String) throws -> [Scenario] {
        try loadScenarios(path: folder.appendingPathComponent(file).path).scenarios
    }

    static func loadAll() throws -> [Scenario] { try files.flatMap(load) }
}
