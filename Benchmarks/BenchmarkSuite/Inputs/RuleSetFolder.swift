internal import CloudFiles
internal import CloudModel
internal import Foundation

/// ClassBench files in a folder: `KIND_SIZE.rules`, plain or `.gz`.
struct RuleSetFolder {
    private let url: URL

    init(path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

    /// The names of the sets, small ones first.
    ///
    /// - Throws: ``BenchmarkError/noRuleSets(folder:)``.
    func names() throws(BenchmarkError) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        let names = Set(files.compactMap(RuleSetFolder.setName))
        guard !names.isEmpty else { throw .noRuleSets(folder: url.path) }
        return names.sorted { (RuleSetFolder.size($0), $0) < (RuleSetFolder.size($1), $1) }
    }

    /// The set with this name.
    ///
    /// - Throws: ``BenchmarkError/badRules(_:)``, ``BenchmarkError/toolFailed(_:)``.
    func ruleSet(named name: String) throws(BenchmarkError) -> RuleSet {
        let path = url.appendingPathComponent(name + ".rules").path
        guard !FileManager.default.fileExists(atPath: path) else {
            return RuleSet(name: name, rules: try rules(try contents(of: path), file: path))
        }
        let packed = path + ".gz"
        let bytes = try outputOfTool("gzip", ["-dc", packed])
        return RuleSet(name: name, rules: try rules(bytes, file: packed))
    }

    private func rules(
        _ bytes: [UInt8], file: String
    ) throws(BenchmarkError) -> [QuintupleRule] {
        do throws(PlainFileError) {
            return try readRules(bytes, file: file)
        } catch {
            throw .badRules("\(error)")
        }
    }

    private func contents(of path: String) throws(BenchmarkError) -> [UInt8] {
        do throws(UnreadableFile) {
            return try readFile(path: path)
        } catch {
            throw .badRules("\(error)")
        }
    }

    private static func setName(ofFile name: String) -> String? {
        for suffix in [".rules", ".rules.gz"] where name.hasSuffix(suffix) {
            return String(name.dropLast(suffix.count))
        }
        return nil
    }

    /// The number behind the last `_`.
    private static func size(_ name: String) -> Int {
        name.split(separator: "_").last.flatMap { Int($0) } ?? 0
    }
}

/// What a program prints.
///
/// - Throws: ``BenchmarkError/toolFailed(_:)``.
private func outputOfTool(
    _ name: String, _ arguments: [String]
) throws(BenchmarkError) -> [UInt8] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardOutput = output
    guard (try? process.run()) != nil,
        let data = try? output.fileHandleForReading.readToEnd()
    else { throw .toolFailed(name) }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw .toolFailed(name) }
    return [UInt8](data)
}
