import Captures
import Foundation
import TestSupport
import Testing

/// The reader beside libpcap, record for record and byte for byte.
@Suite("Two readers")
struct ReaderAgreementTests {
    @Test("agree on the recorded captures")
    func recorded() throws {
        let folder = SharedFolder.packageRoot.appendingPathComponent("captures")
        let names = ["web-and-db.pcap", "ipv6.pcap", "scan-dropped.pcap", "database.pcapng"]
        for name in names {
            let path = folder.appendingPathComponent(name).path
            let (ours, libpcaps) = (try Reading(path), try Reading(throughLibpcap: path))
            #expect(ours.frames.count > 300, "\(name)")
            #expect(ours.difference(from: libpcaps) == nil, "\(name)")
            #expect(ours.status == .end(complete: true, error: nil), "\(name)")
        }
    }

    @Test(
        "agree on the shared captures, wherever both can read",
        .enabled(if: SharedFolder.contains("captures"), Comment(rawValue: SharedFolder.reason)))
    func shared() throws {
        var frameCount = 0
        var onlyOurs: [String: Int] = [:]
        var refused: Set<String> = []
        for result in try ReadResult.all() {
            let path = try ReadResult.path(ofCapture: result.name)
            let libpcaps = (try? Reading(throughLibpcap: path)) ?? Reading()
            guard let ours = try? Reading(path) else {
                refused.insert(result.name)
                #expect(libpcaps.frames == [], "\(result.name)")
                continue
            }
            #expect(ours.difference(from: libpcaps) == nil, "\(result.name)")
            frameCount += libpcaps.frames.count
            if ours.frames.count > libpcaps.frames.count {
                onlyOurs[result.name] = ours.frames.count - libpcaps.frames.count
            } else {
                #expect(ours.isComplete == libpcaps.isComplete, "\(result.name)")
            }
        }
        print("agreement of the readers: \(frameCount) frames")
        #expect(onlyOurs == ReaderAgreementTests.onlyOurs)
        #expect(refused == ReaderAgreementTests.refused)
    }

    /// How many frames libpcap 1.10 does not deliver: interfaces of a pcapng file differ, or a pcap
    /// file's version is above 2.4. The article of `Captures` has the same list.
    private static let onlyOurs = [
        "badfile-PcapPlusPlus-BgpPackets.pcapng": 8,
        "badfile-PcapPlusPlus-cf-FuzzTarget-4683685084594176.pcap": 1,
        "badfile-PcapPlusPlus-many_interfaces-1.pcapng": 64,
        "badfile-libpcap-pcap-invalid-version-2.pcap": 1,
        "badfile-zeek-gap-data-missing.pcapng": 18,
        "badfile-zeek-modify-request.pcapng": 17,
        "fmt_pcapng-le-2if-PcapPlusPlus-GrePackets.pcapng": 7,
        "fmt_pcapng-le-6if-PcapPlusPlus-gtpv2.pcapng": 6,
    ]

    /// Versions that neither reads.
    private static let refused: Set = [
        "badfile-libpcap-pcap-invalid-version-1.pcap",
        "badfile-libpcap-pcapng-invalid-vers-1.pcapng",
        "badfile-libpcap-pcapng-invalid-vers-2.pcapng",
    ]
}
