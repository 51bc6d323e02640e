import CloudFiles
import CloudModel
import Replay

extension JSONWriter {
    /// Writes a number that is not whole as the value of `key`.
    ///
    /// - Precondition: the number is finite.
    mutating func write(_ key: String, _ value: Double) {
        precondition(value.isFinite, "JSON has no word for \(value)")
        write(key, literal: "\(value)")
    }

    /// Writes a time as a decimal number with the capture's digits.
    mutating func write(_ key: String, _ time: CaptureTime) { write(key, literal: time.text) }
}
