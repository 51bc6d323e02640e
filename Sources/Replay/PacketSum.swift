internal import Captures

/// What some packets add up to.
package struct PacketSum: Hashable, Sendable {
    package private(set) var packetCount = 0
    package private(set) var byteCount = 0
    // INVARIANT: `firstSeen` is not later than `lastSeen`.
    /// The earliest and the latest of the packets' times, whatever their order in the captures.
    package private(set) var firstSeen: CaptureTime
    package private(set) var lastSeen: CaptureTime

    /// Of no packet; there is to be one, or has been one, of this time.
    init(at time: CaptureTime) { (firstSeen, lastSeen) = (time, time) }

    /// Adds a packet.
    @inline(__always)
    mutating func add(_ frame: FrameFacts) {
        // Of packets of less than 4 GiB each nobody counts so many.
        packetCount &+= 1
        byteCount &+= Int(frame.originalLength)
        let time = frame.captureTime
        // In most captures each packet is the last so far, and not asked whether it is the first.
        if lastSeen.isBefore(time) {
            lastSeen = time
        } else if time.isBefore(firstSeen) {
            firstSeen = time
        }
    }

    /// Adds the packets of another sum.
    mutating func add(_ other: PacketSum) {
        packetCount += other.packetCount
        byteCount += other.byteCount
        if other.firstSeen.isBefore(firstSeen) { firstSeen = other.firstSeen }
        if lastSeen.isBefore(other.lastSeen) { lastSeen = other.lastSeen }
    }

    /// Adds a packet whose time nobody asks for.
    @inline(__always)
    mutating func addUntimed(_ frame: FrameFacts) {
        packetCount &+= 1
        byteCount &+= Int(frame.originalLength)
    }

    /// Takes a packet away again; the times stay.
    mutating func remove(_ frame: FrameFacts) {
        packetCount -= 1
        byteCount -= Int(frame.originalLength)
    }

    /// Takes all packets away; the times stay.
    mutating func removePackets() { (packetCount, byteCount) = (0, 0) }
}
