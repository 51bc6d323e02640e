import Testing

@testable import sluice

@Suite("Figures")
struct FiguresTests {
    @Test(
        "groups digits",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
        ])
    func grouping(number: Int, text: String) { #expect(Figures.grouped(number) == text) }

    @Test(
        "scales bytes",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (12_340, "12.3 kB"),
            (123_456_789, "123 MB"), (2_000_000_000_000_000, "2000 TB"),
        ])
    func bytes(count: Int, text: String) { #expect(Figures.bytes(count) == text) }

    @Test("writes rates, times and shares")
    func others() {
        #expect(Figures.rate(999.6) == "1,000")
        #expect(Figures.rate(1_850_000) == "1.85 million")
        #expect(Figures.seconds(0.000_012) == "12 µs")
        #expect(Figures.seconds(0.0125) == "12.5 ms")
        #expect(Figures.seconds(75) == "75.00 s")
        #expect(Figures.duration(219.14) == "219.14 s")
        #expect(Figures.duration(5400) == "1.5 h")
        #expect(Figures.duration(34_359_738.37) == "398 days")
        #expect(Figures.percent(1, of: 3) == "33.3 %")
        #expect(Figures.percent(0, of: 0) == "0.0 %")
        #expect(Figures.packets(1) == "1 packet")
    }

    @Test("the progress line has a share only when the size is known")
    func progress() {
        #expect(
            ProgressLine.text(
                packetCount: 2000, evaluationCount: 4000, elapsedSeconds: 2, share: 0.25)
                == "2,000 packets, 2,000 decisions/s, 25.0 %, 6.00 s left")
        #expect(
            ProgressLine.text(
                packetCount: 2000, evaluationCount: 4000, elapsedSeconds: 2, share: nil)
                == "2,000 packets, 2,000 decisions/s")
    }
}
