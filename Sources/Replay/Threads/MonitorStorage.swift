internal import Glibc

/// A lock and a place to wait until something under it changes. Waiting takes no processor time.
@safe
final class Monitor: @unchecked Sendable {
    // INVARIANT: both are initialized, do not move, and live as long as the monitor.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        // SAFETY: each stretch of memory is made for one value, which the call after it sets up.
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        let isReady =
            unsafe pthread_mutex_init(mutex, nil) == 0 && pthread_cond_init(condition, nil) == 0
        precondition(isReady, "the system has no lock to give")
    }

    deinit {
        // SAFETY: nobody holds or waits for what nobody refers to any more.
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Calls `body` while no other thread is inside of such a call.
    func withLock<Result>(_ body: () -> Result) -> Result {
        // SAFETY: the mutex is initialized, and unlocked by the thread that locked it.
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets others in until one of them calls ``wakeAll()``, or for no reason.
    ///
    /// - Precondition: inside of ``withLock(_:)``.
    func wait() {
        // SAFETY: both are initialized, and this thread holds the mutex.
        unsafe pthread_cond_wait(condition, mutex)
    }

    /// Wakes all that wait.
    func wakeAll() {
        // SAFETY: the condition is initialized.
        unsafe pthread_cond_broadcast(condition)
    }
}

/// Runs `body` on this thread and on up to `count` - 1 others, and returns when all have returned.
///
/// Where the system gives fewer threads the others do the work: `body` must not wait for one that has
/// not begun.
func runOnThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    var threads: [pthread_t] = []
    for _ in 1..<max(1, count) {
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        var thread = pthread_t()
        // SAFETY: the box was retained for the thread, which takes it over when it begins.
        let result = unsafe pthread_create(&thread, nil, runBody, box.toOpaque())
        guard result == 0 else {
            unsafe box.release()
            break
        }
        threads.append(thread)
    }
    body()
    for thread in threads { pthread_join(thread, nil) }
}

/// What a thread runs, on its way there.
private final class ThreadBody {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

@unsafe
private func runBody(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box = unsafe box else { return nil }
    // SAFETY: `runOnThreads` gave a box that it retained.
    unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().body()
    return nil
}
