/// How much memory a reader takes, and whether its file stays open.
package struct ReaderFootprint: Hashable, Sendable {
    /// The bytes of the file that are in memory at once; more while a single record is longer.
    package let windowByteCount: Int
    /// Whether a regular file stays open between reads.
    package let keepsFileOpen: Bool

    /// - Precondition: `windowByteCount` is at least 16.
    package init(windowByteCount: Int, keepsFileOpen: Bool = true) {
        precondition(windowByteCount >= 16)
        self.windowByteCount = windowByteCount
        self.keepsFileOpen = keepsFileOpen
    }

    /// For one capture at a time: 256 KiB. A read copies into the second-level cache, and what walks
    /// over the bytes finds them there. From 128 KiB to 8 MiB nothing is faster, and mapping the file
    /// takes twice as long (the article of this target has the figures).
    package static let alone = ReaderFootprint(windowByteCount: 262_144)

    /// For a capture that is read side by side with `count` others: 64 MiB in all, but 16 KiB each at
    /// the least. Beside 128 and more, files are open only while they are read: a process has 1,024
    /// descriptors by default.
    package static func besideOthers(_ count: Int) -> ReaderFootprint {
        ReaderFootprint(
            windowByteCount: min(alone.windowByteCount, max(16_384, (64 << 20) / (count + 1))),
            keepsFileOpen: count < 128)
    }
}
