import Foundation
import TestSupport
import Testing

@Suite("Very many captures")
struct ManyCapturesTests {
    @Test("10,000 files, cut and changed at every byte, are replayed with 64 descriptors")
    func damaged() throws {
        let workspace = try Workspace()
        let whole = try Workspace.capture().bytes
        let cutCount = whole.count - 24
        var changed: [UInt8] = []
        for number in 0..<(10_000 - cutCount) {
            let place = 24 * 8 + number % (cutCount * 8)
            changed += whole
            changed[number * whole.count + place / 8] ^= 1 << UInt8(place % 8)
        }
        try workspace.write(changed, to: "changed")
        let made = try workspace.shell(
            "mkdir many; split -b \(whole.count) -a 4 -d changed many/changed-; ls many | wc -l")
        #expect(made.output == "\(10_000 - cutCount)\n")
        for count in 0..<cutCount {
            try workspace.write(Array(whole.prefix(24 + count)), to: "many/cut-\(count)")
        }
        for options in ["", "--merge"] {
            let run = try workspace.shell(
                """
                ulimit -n 64
                sluice replay -f fleet.json -r many \(options) --annotate n.pcapng -o json > totals 2> messages
                echo $?; grep -c 'ended early' messages
                sluice replay -f fleet.json -r n.pcapng -o json | cut -d, -f1
                cut -d, -f1 totals
                """)
            let lines = run.output.split(separator: "\n")
            guard lines.count == 4 else {
                Issue.record("\(run.output)\(run.messages)")
                return
            }
            #expect(lines[0] == "3")
            #expect(try #require(Int(lines[1])) > 300)
            #expect(lines[2] == lines[3])
        }
    }
}
