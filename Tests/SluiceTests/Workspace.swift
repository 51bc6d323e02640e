import CloudModel
import Foundation
import TestSupport

/// A folder with a fleet and a capture, in which the built command runs.
final class Workspace {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(Workspace.fleet, to: "fleet.json")
        try write(Workspace.capture().bytes, to: "tiny.pcap")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    func text(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    /// What a run of the command printed and returned.
    struct Run {
        let status: Int32
        let output: String
        let messages: String
    }

    /// Runs `sluice` here, through a shell, so that a test can redirect as a user would.
    func shell(_ script: String) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        let tools = Bundle.main.executableURL?.deletingLastPathComponent().path ?? "."
        environment["PATH"] = "\(tools):\(environment["PATH"] ?? "")"
        process.environment = environment
        let (output, messages) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = messages
        try process.run()
        // Both are short enough for a pipe's buffer, so that reading one does not block the other.
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let messageData = messages.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus,
            output: String(decoding: outputData, as: UTF8.self),
            messages: String(decoding: messageData, as: UTF8.self))
    }

    static let fleet = """
        { "format": "sluice-fleet/1", "vendor": "alibaba",
          "vpcs": [{"id": "vpc-1", "cidrBlocks": ["10.0.0.0/16"]}],
          "securityGroups": [
            {"id": "sg-web", "vpc": "vpc-1", "innerAccessPolicy": "Drop", "rules": [
              {"id": "sgr-https", "direction": "ingress", "protocol": "tcp", "portRange": "443/443",
               "peer": {"cidr": "0.0.0.0/0"}}]}],
          "networkInterfaces": [
            {"id": "eni-a", "vpc": "vpc-1", "addresses": ["10.0.0.1"], "securityGroups": ["sg-web"]},
            {"id": "eni-b", "vpc": "vpc-1", "addresses": ["10.0.0.2"], "securityGroups": ["sg-web"]}] }
        """

    /// An accepted packet, a dropped one, one that two interfaces evaluate, a ping and an ARP request.
    static func capture() throws -> CaptureBytes {
        var capture = CaptureBytes()
        for (index, text) in [
            "tcp 203.0.113.5:40000 > 10.0.0.1:443 flags S",
            "udp 203.0.113.5:53 > 10.0.0.1:5353",
            "tcp 10.0.0.1:40001 > 10.0.0.2:443 flags S.",
            "icmp 203.0.113.5 > 10.0.0.2 type 8 code 0",
        ].enumerated() {
            capture.append(try Packet(text), atMicroseconds: 1_700_000_000_000_000 + index)
        }
        capture.append(frame: CaptureBytes.arpFrame, atMicroseconds: 1_700_000_001_000_000)
        return capture
    }
}
