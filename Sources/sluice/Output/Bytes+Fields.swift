extension [UInt8] {
    /// Fields with a comma before each; one without a text is empty.
    static func fields(_ texts: [String?]) -> [UInt8] {
        var bytes: [UInt8] = []
        for text in texts { bytes.appendField(text ?? "") }
        return bytes
    }

    /// Appends a comma and a field, in quotes where RFC 4180 asks for them.
    mutating func appendField(_ text: String) {
        append(UInt8(ascii: ","))
        let needsQuotes = text.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        guard needsQuotes else {
            append(contentsOf: text.utf8)
            return
        }
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
