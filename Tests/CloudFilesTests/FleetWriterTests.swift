import CloudModel
import Foundation
import TestSupport
import Testing

@testable import CloudFiles

@Suite("Fleets written as text")
struct FleetWriterTests {
    private func text(_ fleet: Fleet) -> String {
        var writer = JSONWriter()
        writer.write(fleet)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "are read as what they were",
        arguments: [
            "captures/fleet-alibaba.json", "captures/fleet-aws.json",
            "Fuzz/Corpus/fleet/valid-alibaba.json", "Fuzz/Corpus/fleet/valid-aws.json",
        ])
    func roundTrip(path: String) throws {
        let path = SharedFolder.packageRoot.appendingPathComponent(path).path
        let fleet = try loadFleet(path: path).fleet
        let written = text(fleet)
        let again = try loadFleet(Array(written.utf8), file: "written").fleet
        #expect(again == fleet)
        #expect(text(again) == written)
    }

    @Test("have one text, without what is the default")
    func canonical() throws {
        var fleet = Fleet(vendor: .alibaba)
        #expect(text(fleet) == #"{"format":"sluice-fleet/1","vendor":"alibaba"}"# + "\n")
        fleet.vpcs = [VPC(id: "vpc-1", isDefault: true)]
        fleet.securityGroups = [
            SecurityGroup(
                id: "sg-a", vpc: "vpc-1", innerAccessPolicy: .drop,
                rules: [
                    SecurityGroupRule(
                        id: "sgr-1", direction: .ingress, ipProtocol: .only(.tcp),
                        transport: .destinationPorts(PortRange(22, 23)),
                        peer: .cidr(CIDRBlock("10.0.0.9/8")!), priority: 2, description: "\"x\"")
                ])
        ]
        fleet.switches.revokeMissing = .strict
        fleet.quotas.rulesPerGroup = 200
        fleet.faults = ["b\n": [Fault(code: "X", httpStatus: 500)], "a": []]
        fleet.nextRuleNumber = 7
        #expect(
            text(fleet) == #"""
                {"format":"sluice-fleet/1","vendor":"alibaba",
                "vpcs":[
                {"id":"vpc-1","isDefault":true}],
                "securityGroups":[
                {"id":"sg-a","vpc":"vpc-1","innerAccessPolicy":"Drop",
                "rules":[
                {"id":"sgr-1","direction":"ingress","protocol":"tcp","portRange":"22/23","peer":{"cidr":"10.0.0.9/8"},"priority":2,"description":"\"x\""}]}],
                "quotas":{"rulesPerGroup":200},
                "switches":{"alibaba.revokeMissing":"strict"},
                "faults":{"a":[],"b\n":[{"code":"X","httpStatus":500}]},
                "nextRuleNumber":7}

                """#)
    }

    @Test("of AWS use its names and numbers")
    func aws() throws {
        var fleet = Fleet(vendor: .aws)
        let peer = Peer.cidr(CIDRBlock("::/0")!)
        fleet.securityGroups = [
            SecurityGroup(
                id: "sg-00000001", innerAccessPolicy: .drop,
                rules: [
                    SecurityGroupRule(id: "sgr-1", direction: .egress, peer: peer),
                    SecurityGroupRule(
                        id: "sgr-2", direction: .egress, ipProtocol: .only(.gre), peer: peer),
                    SecurityGroupRule(
                        id: "sgr-3", direction: .egress, ipProtocol: .only(.icmpv6),
                        transport: .icmp(type: 128, code: nil), peer: peer),
                    SecurityGroupRule(
                        id: "sgr-4", direction: .egress, ipProtocol: .only(.udp),
                        transport: .destinationPorts(PortRange(53, 53)), peer: peer),
                ])
        ]
        let written = text(fleet)
        #expect(written.contains(#""protocol":"-1","peer""#))
        #expect(written.contains(#""protocol":"47","peer""#))
        #expect(written.contains(#""fromPort":128,"toPort":-1"#))
        #expect(try loadFleet(Array(written.utf8), file: "written").fleet == fleet)
    }

    @Test(
        "of scenarios are read as what they were",
        .enabled(if: SharedFolder.contains("scenarios/semantics.jsonl"), "\(SharedFolder.reason)"))
    func scenarios() throws {
        let path = try #require(SharedFolder.url).path + "/scenarios/semantics.jsonl"
        for line in try readFile(path: path).split(separator: UInt8(ascii: "\n")) {
            var document = DocumentReader(Array(line))
            try document.json.enterObject()
            while let key = try document.json.nextKey() {
                guard document.json.string(key) == "fleet" else {
                    try document.json.skipValue()
                    continue
                }
                let fleet = try #require(try FleetReader.readFleet(from: &document))
                let written = text(fleet)
                #expect(try loadFleet(Array(written.utf8), file: "written").fleet == fleet)
            }
        }
    }
}
