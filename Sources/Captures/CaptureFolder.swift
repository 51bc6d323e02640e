/// Which files of a folder are captures: by what they begin with, not by their names, since rotated
/// captures have names like `web.pcap17`.
package enum CaptureFolder {
    /// Whether the file at `path` can be opened and begins as a capture, plain or compressed.
    package static func holdsCapture(_ path: String) -> Bool {
        do throws(CaptureError) {
            // Only the beginning is looked at.
            _ = try CaptureReader(path: path, footprint: ReaderFootprint(windowByteCount: 4096))
            return true
        } catch {
            return false
        }
    }
}
