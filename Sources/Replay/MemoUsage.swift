/// Whether looking for flows pays: not where most packets are of flows that nobody saw before, as in a scan,
/// or where calls change the tables all the time.
struct MemoUsage {
    private var packetCount = 0
    private var newCount = 0
    /// How many packets are not looked for.
    private var skipCount = 0

    private static let trialLength = 4096
    private static let pauseLength = 7 * trialLength

    /// Whether to look for the next packets.
    mutating func isWorthLooking(for count: Int) -> Bool {
        guard skipCount > 0 else { return true }
        skipCount -= count
        return false
    }

    /// Notes for how many packets the tables had to be asked; when it is for more than seven of eight, the next
    /// ones are not looked for.
    mutating func note(newCount: Int, of packetCount: Int) {
        self.newCount += newCount
        self.packetCount += packetCount
        guard self.packetCount >= MemoUsage.trialLength else { return }
        if 8 * self.newCount > 7 * self.packetCount { skipCount = MemoUsage.pauseLength }
        (self.packetCount, self.newCount) = (0, 0)
    }
}
