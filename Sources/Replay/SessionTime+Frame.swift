internal import Captures
internal import Sessions

extension SessionTime {
    /// The time of a frame.
    @inline(__always)
    init(_ time: FrameTime) {
        self.init(seconds: time.seconds, nanoseconds: time.nanoseconds)
    }
}
