import Captures
import CloudFiles
import CloudModel
import Foundation
import Replay

// What the commands that run captures through a fleet have in common.

extension Option {
    /// `-r`, which a command may do without if packets can come from elsewhere.
    static func capture(isRequired: Bool) -> Option {
        Option(
            "-r", .text("CAPTURE[@ENI[:ingress|egress]]"), isRequired: isRequired,
            isRepeatable: true,
            summary: "a capture or a folder of them, `-` for standard input; with @ENI its packets "
                + "are evaluated there")
    }
    static let merge = Option(
        "--merge", summary: "all captures' packets by time, instead of one capture after the other")
    static let stateless = Option(
        "--stateless", summary: "decide every packet on its own, without sessions")
    static let maximumSessions = Option(
        "--max-sessions", .count("N"),
        summary: "keep at most N sessions; 1,048,576 unless given, the least recently used go first"
    )
}

extension Arguments {
    /// The captures that `option`, a `-r`, names, and where their packets are evaluated.
    ///
    /// - Throws: ``CommandFailure`` for an interface or a vpc that the fleet does not have, and for
    ///   standard input given twice.
    func captureSources(
        of option: Option, in compiled: CompiledFleet, command: String
    ) throws(CommandFailure) -> [CaptureSource] {
        let (binding, vpc) = (try binding(in: compiled.original), try vpc(in: compiled.original))
        let sources = try texts(option).map { text throws(CommandFailure) in
            try capturesMeant(by: text, in: compiled, otherwise: binding, vpc: vpc)
        }.flatMap(\.self)
        guard sources.count(where: { $0.path == "-" }) <= 1 else {
            throw .usage("standard input can be read only once", command: command)
        }
        return sources
    }

    /// In which order the frames of several captures come.
    var captureOrder: CaptureOrder { has(.merge) ? .byTime : .asGiven }

    /// Whether sessions are kept, and how many.
    func sessionPolicy(command: String) throws(CommandFailure) -> SessionPolicy {
        let maximum = count(.maximumSessions)
        guard has(.stateless) else {
            return maximum.map { .tracking(capacity: $0) } ?? .standard
        }
        guard maximum == nil else {
            throw .usage(
                "--stateless keeps no sessions; leave --max-sessions out", command: command)
        }
        return .stateless
    }
}

/// Opens the captures of a replay.
///
/// - Throws: ``CommandFailure/input(_:)`` for the first that cannot be replayed.
func open(_ replay: inout Replay) throws(CommandFailure) {
    do throws(ReplayError) {
        try replay.open()
    } catch {
        throw .input(error.message)
    }
}

extension FrameTime {
    /// The time that an operation file gives.
    init(_ time: OperationTime) {
        self.init(seconds: time.seconds, nanoseconds: UInt64(time.nanoseconds))
    }
}
