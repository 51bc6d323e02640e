import Foundation
import TestSupport
import Testing

@Suite("Verdicts of the recorded captures")
struct RecordedVerdictsGoldenTests {
    @Test(
        "are those that were reviewed",
        arguments: [
            ("web-and-db", "pcap", "fleet-alibaba"), ("ipv6", "pcap", "fleet-alibaba"),
            ("dns-and-fragments", "pcap", "fleet-alibaba"), ("scan-dropped", "pcap", "fleet-aws"),
            ("database", "pcapng", "fleet-aws"),
        ])
    func verdicts(name: String, format: String, fleet: String) throws {
        let run = try Workspace().shell(
            """
            set -o pipefail
            cd '\(SharedFolder.packageRoot.path)/captures'
            sluice replay -f \(fleet).json -r \(name).\(format) -o csv |
                awk -f recording/verdicts.awk | diff \(name).verdicts.tsv -
            """)
        // What `diff` prints: the reviewed lines behind `<`, those found behind `>`.
        #expect(run.output.isEmpty)
        #expect(run.messages.isEmpty)
        #expect(run.status == 0)
    }
}
