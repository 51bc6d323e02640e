import Captures
import CloudModel
import Foundation
import Replay

extension Option {
    static let decapsulate = Option(
        "--decapsulate", .choice(Encapsulation.allCases.map(\.rawValue)),
        summary: "judge the packets inside of such tunnels, as traffic mirroring delivers them")
}

extension Arguments {
    /// The tunnels that ``Option/decapsulate`` names; `nil` if it was not given.
    var encapsulation: Encapsulation? {
        text(.decapsulate).flatMap(Encapsulation.init(rawValue:))
    }
}

/// The captures that one `-r` means: `FILE`, `FOLDER`, or either with `@ENI[:direction]`.
///
/// - Throws: ``CommandFailure/input(_:)`` for an interface that the fleet does not have, and for a
///   folder without captures.
func capturesMeant(
    by text: String, in fleet: CompiledFleet, otherwise binding: InterfaceBinding?, vpc: VPCID?
) throws(CommandFailure) -> [CaptureSource] {
    let source = try captureSource(text, in: fleet, otherwise: binding, vpc: vpc)
    guard isFolder(source.path) else { return [source] }
    let paths = try capturePaths(inFolder: source.path)
    guard !paths.isEmpty else { throw .input("the folder `\(source.path)` holds no capture") }
    return paths.map { CaptureSource(path: $0, placement: source.placement) }
}

/// Reads `FILE`, or `FILE@ENI[:direction]`.
///
/// An `@` is taken for part of the file's name where what follows it holds a slash, or names no
/// interface of the fleet while the whole names a file.
func captureSource(
    _ text: String, in fleet: CompiledFleet, otherwise binding: InterfaceBinding?, vpc: VPCID?
) throws(CommandFailure) -> CaptureSource {
    let unbound = binding.flatMap(fleet.placement) ?? .byAddress(vpc: vpc)
    guard let at = text.lastIndex(of: "@") else {
        return CaptureSource(path: text, placement: unbound)
    }
    let own = InterfaceBinding(String(text[text.index(after: at)...]))
    if let placement = fleet.placement(own) {
        return CaptureSource(path: String(text[..<at]), placement: placement)
    }
    guard own.networkInterface.text.contains("/") || FileManager.default.fileExists(atPath: text)
    else {
        throw .input("the fleet has no network interface `\(own.networkInterface)` for `\(text)`")
    }
    return CaptureSource(path: text, placement: unbound)
}

private func isFolder(_ path: String) -> Bool { fileType(path) == .typeDirectory }

/// What is at `path`, behind symbolic links; `nil` if nothing can be told.
private func fileType(_ path: String) -> FileAttributeType? {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    return attributes?[.type] as? FileAttributeType
}

/// The captures in a folder, by name, without those in folders inside of it.
private func capturePaths(inFolder folder: String) throws(CommandFailure) -> [String] {
    let names: [String]
    do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
        throw .input("cannot read the folder `\(folder)`")
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        .map { prefix + $0 }.filter(isCapture)
}

/// Whether a file begins as a capture, or has the name of one: then a damaged one is not left out
/// unnoticed. Pipes are not looked into; they would wait for a writer.
private func isCapture(_ path: String) -> Bool {
    guard fileType(path) == .typeRegular else { return false }
    let name = URL(fileURLWithPath: path).lastPathComponent
    return name.contains(".pcap") || CaptureFolder.holdsCapture(path)
}
