import CloudFiles
import Testing

@Suite("Commas of the JSON writer")
struct JSONWriterSeparatorTests {
    @Test("stand between members and elements of every kind")
    func everyKind() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.write("text", "a")
        writer.write("literal", literal: "1.5")
        writer.write("truth", true)
        writer.write("number", -7)
        writer.beginArray("array")
        writer.write("x")
        writer.write(1)
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.write("last", literal: "null")
        writer.endObject()
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(
            text == #"{"text":"a","literal":1.5,"truth":true,"number":-7,"#
                + #""array":["x",1,{}],"last":null}"#)
    }
}
