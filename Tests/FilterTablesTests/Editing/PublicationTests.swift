import CloudModel
import FilterTables
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Published tables")
struct PublicationTests {
    /// Two rules that change places in every version: TCP is open, or UDP is.
    private static func fleet() -> Fleet {
        var fleet = RandomFleet(seed: 7, shape: .crowded(.aws)).fleet
        fleet.securityGroups[0].rules = [rule(opening: .tcp)]
        fleet.networkInterfaces[0].vpc = fleet.securityGroups[0].vpc
        fleet.networkInterfaces[0].securityGroups = [fleet.securityGroups[0].id]
        fleet.networkInterfaces[0].status = .inUse
        return fleet
    }

    private static func rule(opening ipProtocol: IPProtocol) -> SecurityGroupRule {
        SecurityGroupRule(
            id: RuleID("sgr-\(ipProtocol.rawValue)"), direction: .ingress,
            ipProtocol: .only(ipProtocol), transport: .destinationPorts(PortRange(9, 9)),
            peer: .cidr(CIDRBlock("203.0.113.0/24")!))
    }

    private static func packet(_ ipProtocol: IPProtocol) -> Packet {
        Packet(
            source: IPAddress(ipv4: 0xCB00_7105), destination: IPAddress(ipv4: 0x0A00_0001),
            ipProtocol: ipProtocol,
            transport: .ports(source: 40_000, destination: 9, tcpFlags: nil))
    }

    @Test("are one version to every batch of readers beside a writer that never stops")
    func oneVersionABatch() {
        let fleet = PublicationTests.fleet()
        let versionCount = 5_000
        let published = PublishedTables(FilterTables(compiling: fleet))
        let progress = Progress()
        let threads = (0..<2).map { _ in
            Thread { PublicationTests.read(from: published, of: fleet, progress) }
        }
        for thread in threads { thread.start() }
        // Goes on until both have seen something of it, however busy the machine is.
        var editor = TableEditor(compiling: fleet, deadClassLimit: 16)
        var count = 0
        while count < versionCount || !progress.hasEveryReaderSeenEnough {
            PublicationTests.writeVersion(count, of: fleet, &editor, to: published)
            count += 1
            // On a busy machine the readers are waiting for a core.
            if count >= versionCount { Thread.sleep(forTimeInterval: 0.000_1) }
        }
        progress.isDone.store(true, ordering: .releasing)
        while !threads.allSatisfy(\.isFinished) { Thread.sleep(forTimeInterval: 0.001) }
        #expect(progress.brokenBatchCount.load(ordering: .relaxed) == 0)
    }

    /// What the threads tell one another.
    private final class Progress: Sendable {
        let isDone = Atomic(false)
        let brokenBatchCount = Atomic(0)
        private let readersThatSawEnough = Atomic(0)

        /// Whether both readers have met five versions.
        var hasEveryReaderSeenEnough: Bool {
            readersThatSawEnough.load(ordering: .acquiring) == 2
        }

        func noteReaderThatSawEnough() { readersThatSawEnough.add(1, ordering: .releasing) }
    }

    /// Decides batch after batch until the writer is done.
    private static func read(
        from published: PublishedTables, of fleet: Fleet, _ progress: Progress
    ) {
        let decider = DeciderBox(FilterTables(compiling: fleet))
        let queries = (0..<64).map { place in
            Query(packet(place % 2 == 0 ? .tcp : .udp), at: 0, .ingress)
        }
        var before: Verdict?
        var changeCount = 0
        while !progress.isDone.load(ordering: .acquiring) {
            decider.refresh(from: published)
            let verdicts = decider.outcomes(queries).map(\.verdict)
            let isWhole = (0..<64).allSatisfy { verdicts[$0] == verdicts[$0 % 2] }
            if !isWhole || verdicts[0] == verdicts[1] {
                progress.brokenBatchCount.add(1, ordering: .relaxed)
            }
            if verdicts[0] != before { changeCount += 1 }
            before = verdicts[0]
            if changeCount == 5 {
                changeCount += 1
                progress.noteReaderThatSawEnough()
            }
        }
    }

    /// Publishes a version in which the rules change places, beside changes all over the fleet.
    private static func writeVersion(
        _ number: Int, of fleet: Fleet, _ editor: inout TableEditor,
        to published: PublishedTables
    ) {
        let group = fleet.securityGroups[0].id
        let (old, new): (IPProtocol, IPProtocol) = number % 2 == 0 ? (.tcp, .udp) : (.udp, .tcp)
        let interface = fleet.networkInterfaces[number % fleet.networkInterfaces.count]
        let block = CIDRBlock(IPAddress(ipv4: 0xCB00_7100 | UInt32(number % 200)))
        editor.apply([
            .addressesAdded([block], to: interface.id),
            .ruleRemoved(rule(opening: old), from: group),
            .ruleAdded(rule(opening: new), to: group),
        ])
        published.publish(editor.tables)
        editor.apply([.addressesRemoved([block], from: interface.id)])
    }

    @Test("are the newest at the next batch")
    func newest() {
        let fleet = PublicationTests.fleet()
        var editor = TableEditor(compiling: fleet)
        let published = PublishedTables(editor.tables)
        let decider = DeciderBox(editor.tables)
        let query = Query(PublicationTests.packet(.udp), at: 0, .ingress)
        #expect(decider.outcomes([query])[0].verdict == .drop)
        editor.apply([
            .ruleAdded(PublicationTests.rule(opening: .udp), to: fleet.securityGroups[0].id)
        ])
        #expect(decider.outcomes([query])[0].verdict == .drop)
        published.publish(editor.tables)
        decider.refresh(from: published)
        #expect(decider.outcomes([query])[0].verdict == .accept)
    }

    @Test("let old versions go")
    func memory() {
        let fleet = PublicationTests.fleet()
        var editor = TableEditor(compiling: fleet)
        let published = PublishedTables(editor.tables)
        let first = editor.tables.byteCount
        let group = fleet.securityGroups[0].id
        for _ in 0..<1000 {
            editor.apply([.ruleAdded(PublicationTests.rule(opening: .udp), to: group)])
            published.publish(editor.tables)
            editor.apply([.ruleRemoved(PublicationTests.rule(opening: .udp), from: group)])
            published.publish(editor.tables)
        }
        #expect(editor.tables.byteCount == first)
    }
}
