package import Foundation

/// A folder of captures, rule sets and scenarios that is not part of the package: suites that need it
/// run where it is, and are skipped elsewhere.
///
/// The environment variable `SLUICE_SHARED` names it; without one it is the folder `shared` beside
/// the package's own.
package enum SharedFolder {
    /// What a skipped suite says.
    package static let reason =
        "needs the shared test data: set SLUICE_SHARED or put the folder `shared` beside the package"

    /// Where the folder is; `nil` if it is not there.
    package static let url: URL? = {
        let named = ProcessInfo.processInfo.environment["SLUICE_SHARED"]
        let candidate =
            named.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? packageRoot.deletingLastPathComponent().appendingPathComponent("shared")
        return FileManager.default.fileExists(atPath: candidate.path) ? candidate : nil
    }()

    /// Whether a file or folder of that path, relative to the folder, is there.
    package static func contains(_ path: String) -> Bool {
        url.map { FileManager.default.fileExists(atPath: $0.appendingPathComponent(path).path) }
            ?? false
    }

    /// The folder that holds `Package.swift`.
    package static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
