/// What a capture file says about one frame, apart from its bytes.
package struct CapturedFrame: Hashable, Sendable {
    package let time: FrameTime
    /// How many digits behind the point the file gives ``time``: 6 or 9. Interfaces of one file may
    /// differ.
    package let timestampDigits: Int
    /// How many bytes the file holds: those of the span that comes with this value.
    package let capturedLength: Int
    /// How many bytes were on the wire. Damaged files may claim fewer than were captured.
    package let originalLength: Int
    /// How the bytes begin. A file may hold frames of several link types.
    package let linkType: LinkType
    /// Which of the interfaces that the file describes captured the frame, counted from 0 over all
    /// sections of a pcapng file; 0 in a pcap file, which describes one.
    package let interface: Int

    package init(
        time: FrameTime, timestampDigits: Int, capturedLength: Int, originalLength: Int,
        linkType: LinkType, interface: Int = 0
    ) {
        self.time = time
        self.timestampDigits = timestampDigits
        self.capturedLength = capturedLength
        self.originalLength = originalLength
        self.linkType = linkType
        self.interface = interface
    }
}
