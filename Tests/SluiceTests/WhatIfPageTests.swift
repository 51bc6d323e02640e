import Testing

@Suite("The page of sluice whatif")
struct WhatIfPageTests {
    private let whatIf = "sluice whatif -f fleet.json -r tiny.pcap --revoke sgr-https"

    @Test("holds the answer, the command, charts and flows, and asks for nothing else")
    func page() throws {
        let workspace = try Workspace()
        let run = try workspace.shell("\(whatIf) --report page.html")
        #expect(run.status == 0)
        let page = try workspace.text(of: "page.html")
        for part in [
            "<!DOCTYPE html>", "What if: accept → drop: 2 flows", "--report page.html",
            "<svg role=\"img\"", "sgr-https of sg-web", "tcp 203.0.113.5:40000 &gt; 10.0.0.1:443",
            "prefers-color-scheme: dark", "name=\"viewport\"", "RevokeSecurityGroup",
        ] { #expect(page.contains(part), "\(part)") }
        for forbidden in ["http:", "https:", "src=", "href=", "@import", "url("] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
    }

    @Test("what files say stays text")
    func escaping() throws {
        let workspace = try Workspace()
        let odd = #"""
            {"id": "<img/onerror=1>&'\"|", "direction": "ingress", "protocol": "tcp",
             "portRange": "443/443", "peer": {"cidr": "0.0.0.0/0"}, "policy": "drop",
             "priority": 100},
            """#
        try workspace.write(
            Workspace.fleet.replacing("eni-a", with: "eni-<b>")
                .replacing("\"rules\": [", with: "\"rules\": [" + odd), to: "odd.json")
        let command = "sluice whatif -f odd.json -r tiny.pcap --revoke sgr-https"
        let run = try workspace.shell("\(command) --report 'a\"><script>.html'")
        #expect(run.status == 0)
        let page = try workspace.text(of: "a\"><script>.html")
        #expect(page.contains("&lt;img/onerror=1&gt;&amp;&#39;&quot;| of sg-web"))
        #expect(page.contains("ingress at eni-&lt;b&gt;"))
        #expect(!page.contains("<img"))
        #expect(!page.contains("<b>"))
        #expect(page.matches(of: /<script>/).count == 1)
        let markdown = try workspace.shell("\(command) -o md")
        #expect(markdown.output.contains(#"\<img/onerror=1\>\&'"\| of sg-web"#))
    }

    @Test(
        "what cannot be written ends with 2, and leaves nothing",
        arguments: ["/dev/full", "none/page.html", "folder"])
    func unwritable(path: String) throws {
        let workspace = try Workspace()
        let run = try workspace.shell("mkdir folder; \(whatIf) --report \(path)")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.contains("sluice: cannot write `\(path)`: "))
        #expect(try workspace.names == ["fleet.json", "folder", "tiny.pcap"])
    }

    @Test(
        "takes the place of no input, however it is written",
        arguments: ["tiny.pcap", "./tiny.pcap", "link", "fleet.json", "calls", "-"])
    func inputs(path: String) throws {
        let workspace = try Workspace()
        try workspace.write("", to: "calls")
        let run = try workspace.shell(
            "ln -s tiny.pcap link; cp tiny.pcap copy; \(whatIf) --operations calls "
                + "--report \(path) || { cmp tiny.pcap copy && exit 2; }")
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.messages.hasPrefix("sluice: `--report` "))
    }

    @Test("an old page stays until the new one is complete")
    func replacing() throws {
        let workspace = try Workspace()
        try workspace.write("old", to: "page.html")
        let failed = try workspace.shell(
            "sluice whatif -f none.json -r tiny.pcap --revoke x --report page.html")
        #expect(failed.status == 2)
        #expect(try workspace.text(of: "page.html") == "old")
        #expect(try workspace.shell("\(whatIf) --report page.html").status == 0)
        #expect(try workspace.text(of: "page.html").hasPrefix("<!DOCTYPE html>"))
        #expect(try workspace.names == ["fleet.json", "page.html", "tiny.pcap"])
    }

    @Test("a capture of one moment, and one where nothing flips, have a page as well")
    func quiet() throws {
        let workspace = try Workspace()
        let run = try workspace.shell(
            "sluice whatif -f fleet.json -r tiny.pcap --detach eni-a --report page.html; "
                + "head -c 24 tiny.pcap > empty.pcap; sluice whatif -f fleet.json -r empty.pcap "
                + "--revoke sgr-https --report page.html")
        #expect(run.status == 0)
        let page = try workspace.text(of: "page.html")
        #expect(page.contains("What if: nothing flips"))
        #expect(page.contains("All packets fall into one moment."))
    }
}
