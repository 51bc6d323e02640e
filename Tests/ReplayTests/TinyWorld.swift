import CloudModel
import Foundation
import Replay
import TestSupport
import Testing

/// Two web servers and a client side that is not in the fleet.
enum TinyWorld {
    static func fleet() throws -> Fleet {
        var fleet = Fleet(vendor: .alibaba)
        let anyone = Peer.cidr(try #require(CIDRBlock("0.0.0.0/0")))
        let https = TransportMatch.destinationPorts(PortRange(443, 443))
        let dns = TransportMatch.destinationPorts(PortRange(53, 53))
        fleet.securityGroups = [
            SecurityGroup(
                id: "sg-web", innerAccessPolicy: .drop,
                rules: [
                    SecurityGroupRule(
                        id: "sgr-https", direction: .ingress, ipProtocol: .only(.tcp),
                        transport: https, peer: anyone),
                    SecurityGroupRule(
                        id: "sgr-dns", direction: .ingress, ipProtocol: .only(.udp),
                        transport: dns, peer: anyone),
                    SecurityGroupRule(
                        id: "sgr-no-smtp", direction: .egress, ipProtocol: .only(.tcp),
                        transport: .destinationPorts(PortRange(25, 25)), peer: anyone,
                        policy: .drop),
                ])
        ]
        fleet.networkInterfaces = [
            NetworkInterface(
                id: "eni-a", vpc: "vpc-1", addresses: [try #require(CIDRBlock("10.0.0.1"))],
                securityGroups: ["sg-web"]),
            NetworkInterface(
                id: "eni-b", vpc: "vpc-1", addresses: [try #require(CIDRBlock("10.0.0.2"))],
                securityGroups: ["sg-web"]),
            NetworkInterface(
                id: "eni-bare", vpc: "vpc-1", addresses: [try #require(CIDRBlock("10.0.0.3"))]),
        ]
        return fleet
    }

    /// Runs a capture of these packets.
    static func run(
        _ texts: [String], in fleet: Fleet? = nil, at placement: Placement = .byAddress(vpc: nil),
        sessions: SessionPolicy = .standard, passCount: Int = 1, cutting cutByteCount: Int = 0
    ) throws -> (result: ReplayResult, decisions: [Decision]) {
        let capture = try capture(texts)
        return try run(
            Array(capture.bytes.dropLast(cutByteCount)), in: fleet ?? TinyWorld.fleet(),
            at: placement, sessions, passCount: passCount)
    }

    /// A capture of these packets, a millisecond apart from second 1 on; `arp` is an ARP request.
    static func capture(_ texts: [String]) throws -> CaptureBytes {
        var capture = CaptureBytes()
        for (index, text) in texts.enumerated() {
            let time = 1_000_000 + 1000 * index
            if text == "arp" {
                capture.append(frame: CaptureBytes.arpFrame, atMicroseconds: time)
            } else {
                capture.append(try Packet(text), atMicroseconds: time)
            }
        }
        return capture
    }

    /// Runs a capture with the tiny fleet and sessions.
    static func run(
        _ capture: CaptureBytes, calls: [ScheduledCall] = [], passCount: Int = 1,
        observers: [any FrameObserver] = []
    ) throws -> ReplayResult {
        let file = try TemporaryFile(capture.bytes)
        let source = CaptureSource(path: file.path, placement: .byAddress(vpc: nil))
        var replay = Replay(
            CompiledFleet(try fleet()), captures: [source], calls: calls, passCount: passCount)
        try replay.open()
        return replay.run(observers: observers)
    }

    private static func run(
        _ bytes: [UInt8], in fleet: Fleet, at placement: Placement, _ sessions: SessionPolicy,
        passCount: Int
    ) throws -> (result: ReplayResult, decisions: [Decision]) {
        let file = try TemporaryFile(bytes)
        let collector = DecisionCollector()
        var replay = Replay(
            CompiledFleet(fleet), captures: [CaptureSource(path: file.path, placement: placement)],
            sessions: sessions, passCount: passCount)
        try replay.open()
        return (replay.run(observers: [collector]), collector.decisions)
    }
}

/// Keeps the decision of each frame.
final class DecisionCollector: FrameObserver {
    private(set) var decisions: [Decision] = []
    /// After how many batches to stop.
    var batchLimit = Int.max

    func observe(_ batch: DecidedBatch) -> Bool {
        for index in batch.frames.indices {
            decisions.append(batch.decision(of: batch.answers[index]))
        }
        batchLimit -= 1
        return batchLimit > 0
    }
}

/// A file with given bytes that goes with the value.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString).pcap").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
