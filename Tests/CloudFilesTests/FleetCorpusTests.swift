import CloudModel
import Foundation
import Testing
import TestSupport

@testable import CloudFiles

@Suite("Fleet files")
struct FleetCorpusTests {
    @Test("of the fuzzer's corpus load if they are valid", arguments: corpus)
    func corpusFile(name: String) {
        let path = corpusFolder.appendingPathComponent(name).path
        do throws(FleetFileError) {
            _ = try loadFleet(path: path)
            #expect(name.hasPrefix("valid-"))
        } catch {
            #expect(name.hasPrefix("broken-"), "\(error.lines.joined(separator: "\n"))")
        }
    }

    @Test("cut off anywhere are refused")
    func cutOff() throws {
        let bytes = try readFile(path: corpusFolder.path + "/valid-aws.json")
        let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
        for length in 0...end {
            #expect(throws: FleetFileError.self) {
                try loadFleet(Array(bytes[..<length]), file: "f")
            }
        }
    }

    @Test(
        "inside scenarios load where they stand",
        .enabled(if: SharedFolder.contains("scenarios/semantics.jsonl"), "\(SharedFolder.reason)"))
    func scenarios() throws {
        let path = try #require(SharedFolder.url).path + "/scenarios/semantics.jsonl"
        let lines = try readFile(path: path).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count > 100)
        for line in lines {
            var document = DocumentReader(Array(line))
            var fleetCount = 0
            try document.json.enterObject()
            while let key = try document.json.nextKey() {
                guard document.json.string(key) == "fleet" else {
                    try document.json.skipValue()
                    continue
                }
                fleetCount += try FleetReader.readFleet(from: &document) == nil ? 0 : 1
            }
            #expect(fleetCount == 1)
            #expect(document.errors.problems(in: Array(line)).kept.map(\.description) == [])
            #expect(document.warnings.count == 0)
        }
    }

    @Test("inside other documents are blamed by their full path")
    func embedded() throws {
        let fleet = fleetText(.aws, rules: ruleText(#""policy": "accept""#, protocol: "tcp"))
        let bytes = Array(#"{"fleet": \#(fleet)}"#.utf8)
        var document = DocumentReader(bytes)
        try document.json.enterObject()
        _ = try document.json.nextKey()
        #expect(try FleetReader.readFleet(from: &document) == nil)
        #expect(
            document.errors.problems(in: bytes).kept.map(\.path.description) == [
                "fleet.securityGroups[0].rules[0].policy"
            ])
    }

    private static let corpus: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: corpusFolder.path)) ?? [])
        .filter { $0.hasSuffix(".json") }.sorted()
}

private let corpusFolder = SharedFolder.packageRoot.appendingPathComponent("Fuzz/Corpus/fleet")
