import Testing

@testable import CloudFiles

@Suite("JSON text")
struct JSONReaderTests {
    @Test(
        "accepts what RFC 8259 allows",
        arguments: [
            "{}", "[]", " [ ] ", "null", "true", "false", "\"\"", "0", "-0", "-1.5e+10", "1E5",
            "[1,2]", "{\"a\":[{}]}", "\u{FEFF}[]", "\"\u{7F}é€😀\"", "\"\\u0000\\uD83D\\uDE00\\/\"",
            "\t\r\n[\n]", "123456789012345678901234567890",
        ])
    func accepts(text: String) throws {
        #expect(syntaxError(text) == nil)
    }

    @Test(
        "refuses what it does not",
        arguments: [
            ("", 0, "the text ends where a value should be"),
            ("[1,]", 3, "`]` where a value should be"),
            ("[1 2]", 3, "`2` where `,` or `]` should be"),
            ("{\"a\":1,}", 7, "`}` where a key in quotes should be"),
            ("{a:1}", 1, "`a` where a key in quotes or `}` should be"),
            ("{\"a\" 1}", 5, "`1` where `:` should be"),
            ("{\"a\":1 \"b\":2}", 7, "`\"` where `,` or `}` should be"),
            ("[1] x", 4, "more text follows the end of the document"),
            ("01", 1, "the number is malformed"), ("1.", 2, "the number is malformed"),
            (".5", 0, "`.` where a value should be"), ("-", 1, "the number is malformed"),
            ("1e", 2, "the number is malformed"), ("0x10", 1, "the number is malformed"),
            ("+1", 0, "`+` where a value should be"), ("NaN", 0, "`N` where a value should be"),
            ("tru", 3, "the text ends where `true`, `false` or `null` should be"),
            ("nulL", 3, "`L` where `true`, `false` or `null` should be"),
            ("truely", 4, "`l` where `true`, `false` or `null` should be"),
            ("\"a", 2, "the text ends where a closing quote should be"),
            ("\"a\nb\"", 2, "byte 0x0a must be escaped in a string"),
            ("\"\\x\"", 1, "the escape sequence is not one of json's"),
            ("\"\\u12G4\"", 1, "the escape sequence is not one of json's"),
            ("\"\\uD83D\"", 1, "the escape sequence is half of a surrogate pair"),
            ("\"\\uDE00\\uD83D\"", 1, "the escape sequence is half of a surrogate pair"),
            ("'a'", 0, "`'` where a value should be"),
            ("[", 1, "the text ends where a value should be"),
            ("{", 1, "the text ends where a key in quotes or `}` should be"),
            ("// no\n1", 0, "`/` where a value should be"),
        ])
    func refuses(text: String, offset: Int, message: String) throws {
        let error = try #require(syntaxError(text))
        #expect(error.offset == offset)
        #expect(error.cause.description == message)
    }

    @Test(
        "refuses what is not UTF-8",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3],
            [0xE2, 0x82], [0xE2, 0x82, 0x28], [0xFF],
        ] as [[UInt8]])
    func refusesBytes(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        var reader = JSONReader([quote] + bytes + [quote])
        #expect(throws: JSONSyntaxError(cause: .invalidUTF8, offset: 1)) {
            try reader.skipValue()
        }
    }

    @Test("nests to its limit and no deeper")
    func depth() {
        let limit = JSONReader.depthLimit
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(syntaxError(nested(limit)) == nil)
        #expect(syntaxError(nested(limit + 1))?.cause == .tooDeep(limit: limit))
        #expect(syntaxError(nested(1_000_000))?.offset == limit)
    }

    @Test("decodes escapes")
    func decodes() throws {
        var reader = JSONReader(Array(#""\"\\\/\b\f\n\r\té\uD83D\uDE00z""#.utf8))
        _ = try reader.nextKind()
        let text = try reader.readText()
        #expect(text.hasEscapes)
        #expect(reader.string(text) == "\"\\/\u{8}\u{C}\n\r\té😀z")
    }

    @Test("knows its path")
    func path() throws {
        var reader = JSONReader(Array(#"{"a": [0, {"b c": 1}]}"#.utf8))
        _ = try reader.nextKind()
        try reader.enterObject()
        #expect(reader.path.description == "")
        _ = try reader.nextKey()
        _ = try reader.nextKind()
        try reader.enterArray()
        _ = try reader.nextElement()
        try reader.skipValue()
        #expect(reader.path.description == "a[0]")
        _ = try reader.nextElement()
        _ = try reader.nextKind()
        try reader.enterObject()
        _ = try reader.nextKey()
        #expect(reader.path.description == #"a[1]["b c"]"#)
    }

    private func syntaxError(_ text: String) -> JSONSyntaxError? {
        var reader = JSONReader(Array(text.utf8))
        do throws(JSONSyntaxError) {
            try reader.skipValue()
            try reader.finish()
            return nil
        } catch {
            return error
        }
    }
}
