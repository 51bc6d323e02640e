import CloudModel
import Foundation
import Replay

extension Option {
    static let writeAccepted = Option(
        "--write-accepted", .text("FILE"), summary: "write the accepted packets to a capture file")
    static let writeDropped = Option(
        "--write-dropped", .text("FILE"), summary: "write the dropped packets to a capture file")
    static let annotate = Option(
        "--annotate", .text("FILE"),
        summary: "write all packets to a pcapng file, each with its decision as a comment")

    /// The options that write packets.
    static let packetOutputs = [writeAccepted, writeDropped, annotate]
}

extension Arguments {
    /// Whether a capture goes to standard output, where totals or lines would be otherwise.
    var writesPacketsToOutput: Bool { Option.packetOutputs.contains { text($0) == "-" } }

    /// Checks that outputs are neither inputs nor one another.
    ///
    /// - Throws: ``CommandFailure/usage(_:command:)``, ``CommandFailure/input(_:)``.
    func checkPacketOutputs(besides inputs: [String], format: String) throws(CommandFailure) {
        let paths = Option.packetOutputs.compactMap(text)
        if writesPacketsToOutput {
            guard format == "text", paths.count(where: { $0 == "-" }) == 1 else {
                throw .usage(
                    "only one thing can be written to standard output", command: "replay")
            }
        }
        var taken: Set<FilePlace> = []
        for path in paths where path != "-" {
            guard let place = FilePlace(path) else { continue }
            guard taken.insert(place).inserted else {
                throw .usage("`\(path)` is to be written twice", command: "replay")
            }
        }
        guard !taken.isEmpty else { return }
        for input in inputs {
            if let place = FilePlace(input), taken.contains(place) {
                throw .input("`\(input)` is read, and cannot be written at the same time")
            }
        }
    }

    /// Creates the files for packets.
    ///
    /// - Throws: ``CommandFailure/output(_:)``.
    func packetWriters() throws(CommandFailure) -> [PacketWriter] {
        let choices: [(Option, PacketWriter.Choice)] = [
            (.writeAccepted, .only(.accept)), (.writeDropped, .only(.drop)),
            (.annotate, .annotated),
        ]
        var writers: [PacketWriter] = []
        for (option, choice) in choices {
            guard let path = text(option) else { continue }
            do throws(OutputError) {
                let output = try CaptureOutput(path: path, annotated: choice == .annotated)
                writers.append(PacketWriter(choice, to: output))
            } catch {
                throw .output(error)
            }
        }
        return writers
    }
}

/// Which file a path means, however it is written: links are followed.
private enum FilePlace: Hashable {
    case file(device: Int, number: Int)
    /// Nothing is there.
    case free(folder: String, name: String)

    /// `nil` for what is no regular file: a device may be written twice.
    init?(_ path: String) {
        let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path) else {
            self = .free(
                folder: url.deletingLastPathComponent().resolvingSymlinksInPath().path,
                name: url.lastPathComponent)
            return
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular,
            let device = attributes[.systemNumber] as? Int,
            let number = attributes[.systemFileNumber] as? Int
        else { return nil }
        self = .file(device: device, number: number)
    }
}
