import CloudFiles
import CloudModel
import ControlPlane
import Testing

@Suite("Operation files")
struct OperationFileTests {
    private func load(_ text: String) throws(FleetFileError) -> [TimedOperation] {
        try loadOperations(Array(text.utf8), file: "calls")
    }

    /// The problems of a file's text, one line each.
    private func problems(_ text: String) -> [String] {
        linesOfProblems { () throws(FleetFileError) in _ = try load(text) }
    }

    @Test("hold calls as JSON, flat JSON or queries, which mean the same")
    func forms() throws {
        let calls = try load(
            #"""
            {"operation": "X", "parameters": {"P": [{"A": "b c"}], "N": 1, "T": true, "Z": null}}

            {"operation": "X", "parameters": {"P.1.A": "b c", "N": 1, "T": true}, "at": 17.25}
            Action=X&P.4.A=b+c
            {"operation": "X",
             "parameters": {}}
            {"operation": "X", "parameters": "P.4.A=b+c"}
            """#)
        #expect(calls.map(\.line) == [1, 3, 4, 5, 7])
        let parameters: [String: ParameterValue] = ["P": [["A": "b c"]], "N": 1, "T": true]
        #expect(calls[0].request == OperationRequest("X", parameters))
        #expect(calls[1].request == calls[0].request)
        #expect(calls[2].request == OperationRequest("X", ["P": [["A": "b c"]]]))
        #expect(calls[4].request == calls[2].request)
        #expect(
            calls.map(\.time)
                == [nil, OperationTime(seconds: 17, nanoseconds: 250_000_000), nil, nil, nil])
    }

    @Test("keep numbers digit for digit")
    func digits() throws {
        let calls = try load(#"{"operation":"X","parameters":{"Owner":1234567890123456789}}"#)
        #expect(calls[0].request.parameters["Owner"]?.text == "1234567890123456789")
    }

    @Test(
        "name every mistake and its place",
        arguments: [
            (#"{"parameters": {}}"#, "calls:1:1: `operation` is missing"),
            (
                "\n" + #"{"operation": "X", "paramters": {}}"#,
                "calls:2:20: paramters: unknown key, did you mean `parameters`"
            ),
            (#"{"operation": "X", "at": 1e9}"#, "calls:1:26: at: `1e9` is not a number of seconds"),
            (
                #"{"operation": "X", "at": -0.5}"#,
                "calls:1:26: at: `-0.5` is not a number of seconds"
            ),
            (
                #"{"operation": "X", "parameters": {"A": 1, "A": 2}}"#,
                "calls:1:43: parameters.A: the key is given twice"
            ),
            (
                #"{"operation": "X", "parameters": {"A": 1, "A.1": 2}}"#,
                "calls:1:34: parameters: the parameter `A.1` is given more than once"
            ),
            (
                #"{"operation": "X", "parameters": "A=1&A=2"}"#,
                "calls:1:34: parameters: the parameter `A` is given more than once"
            ),
            (
                #"{"operation": "X", "parameters": 1}"#,
                "calls:1:34: parameters: an object is needed, not a number"
            ),
            ("A=1", "calls:1:1: the query names no `Action`"),
            ("Action=X&A=%zz", "calls:1:1: the percent-encoding of `%zz` is malformed"),
            (#"{"operation": "X"} {}"#, "calls:1:20: more text follows the end of the document"),
        ])
    func mistakes(text: String, message: String) {
        let found = problems(text)
        #expect(found.first?.hasPrefix(message) == true, "\(found)")
    }

    @Test("name a query line that is not utf-8, and go on")
    func invalidUTF8() {
        #expect {
            _ = try loadOperations(
                Array("Action=".utf8) + [0xFF, 0x0A] + Array("A".utf8), file: "calls")
        } throws: { error in
            (error as? FleetFileError)?.lines == [
                "calls:1:1: the text is not valid utf-8", "calls:2:1: the query names no `Action`",
            ]
        }
    }
}
