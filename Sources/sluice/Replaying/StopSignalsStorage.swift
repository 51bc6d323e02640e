import Glibc
import Synchronization

/// Ctrl-C and `kill` as a request: the first ends the work in good order, the second ends the program.
enum StopSignals {
    private static let isReceived = Atomic(false)

    /// Whether a signal came.
    static var areReceived: Bool { isReceived.load(ordering: .relaxed) }

    /// Turns the signals into a request from here on. One that is ignored, as Ctrl-C is by what a script
    /// runs in the background, stays ignored.
    static func listen() {
        // The handler must not be the first who asks for it.
        guard !areReceived else { return }
        for number in [SIGINT, SIGTERM] {
            var former = sigaction()
            // SAFETY: `former` and `action` outlive the calls; the handler only stores to an atomic and
            // calls what POSIX lists as safe in handlers.
            guard unsafe sigaction(number, nil, &former) == 0, !former.ignoresSignal else {
                continue
            }
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { _ in
                StopSignals.isReceived.store(true, ordering: .relaxed)
                _ = signal(SIGINT, SIG_DFL)
                _ = signal(SIGTERM, SIG_DFL)
            }
            // No SA_RESTART: a read from a pipe that has nothing to give ends, too.
            _ = unsafe sigaction(number, &action, nil)
        }
        unblock()
    }

    /// A parent's blocked signals are inherited, and nobody means it.
    private static func unblock() {
        var signals = sigset_t()
        // SAFETY: `signals` outlives the calls.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        _ = unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
    }
}

extension sigaction {
    /// Whether the handler is SIG_IGN, which is the number 1 in the place of an address.
    fileprivate var ignoresSignal: Bool {
        // SAFETY: both are one word; an absent handler is 0.
        unsafe unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
