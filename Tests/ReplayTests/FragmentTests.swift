import CloudModel
import Replay
import Testing

@Suite("Fragments in a replay")
struct FragmentTests {
    private let first = "udp 9.9.9.9:4000 > 10.0.0.1:53 fragment id 7 offset 0 more"
    private let later = "udp 9.9.9.9 > 10.0.0.1 fragment id 7 offset 1480"

    @Test("a later fragment is decided as the first one was")
    func followsFirst() throws {
        let (result, decisions) = try TinyWorld.run([first, later])
        #expect(decisions.map(\.rule) == ["sgr-dns", "sgr-dns"])
        #expect(result.rules.first?.hit.packetCount == 2)
    }

    @Test("every pass of a loop finds the same")
    func passes() throws {
        let (_, decisions) = try TinyWorld.run([later, first], passCount: 2)
        #expect(decisions.map(\.reason) == [.fragment, .rule, .fragment, .rule])
    }

    @Test("it stands alone when the first one comes later, or not at all")
    func alone() throws {
        let (_, decisions) = try TinyWorld.run([later, first])
        #expect(decisions.map(\.reason) == [.fragment, .rule])
    }

    @Test(
        "another datagram's first fragment says nothing",
        arguments: [
            "udp 9.9.9.9 > 10.0.0.1 fragment id 8 offset 1480",
            "udp 9.9.9.8 > 10.0.0.1 fragment id 7 offset 1480",
            "udp 9.9.9.9 > 10.0.0.2 fragment id 7 offset 1480",
            "tcp 9.9.9.9 > 10.0.0.1 fragment id 7 offset 1480",
        ])
    func otherDatagram(other: String) throws {
        let (_, decisions) = try TinyWorld.run([first, other])
        #expect(decisions[1].reason == .fragment)
    }

    @Test("the first fragment's refusal counts as much as its admission")
    func refusal() throws {
        var fleet = try TinyWorld.fleet()
        fleet.securityGroups[0].rules[1].policy = .drop
        let (_, decisions) = try TinyWorld.run([first, later], in: fleet)
        #expect(decisions.map(\.rule) == ["sgr-dns", "sgr-dns"])
        #expect(decisions[1].verdict == .drop)
    }

    @Test("an identification that is used again takes the newer outcome")
    func reuse() throws {
        let refused = "udp 9.9.9.9:4000 > 10.0.0.1:54 fragment id 7 offset 0 more"
        let (_, decisions) = try TinyWorld.run([first, refused, later])
        #expect(decisions[2].reason == .default)
    }

    @Test(
        "other values of the switch do not look back",
        arguments: [
            (Switches.Fragments.noPortMatch, Verdict.drop), (.drop, .drop),
        ])
    func otherSwitches(value: Switches.Fragments, verdict: Verdict) throws {
        var fleet = try TinyWorld.fleet()
        fleet.switches.fragments = value
        let (_, decisions) = try TinyWorld.run([first, later], in: fleet)
        #expect(decisions[1].verdict == verdict)
        #expect(decisions[1].reason == .fragment)
    }

    @Test("each interface keeps its own outcome")
    func twoInterfaces() throws {
        let (_, decisions) = try TinyWorld.run([
            "udp 10.0.0.1:4000 > 10.0.0.2:53 fragment id 7 offset 0 more",
            "udp 10.0.0.1 > 10.0.0.2 fragment id 7 offset 1480",
        ])
        #expect(decisions.map(\.networkInterface) == ["eni-b", "eni-b"])
        #expect(decisions.map(\.rule) == ["sgr-dns", "sgr-dns"])
    }
}
