import Foundation

/// Whether the long form of a suite was asked for.
package let isLong = ProcessInfo.processInfo.environment["SLUICE_LONG"] == "1"

/// Whether the tests are built with optimisation, so that a suite can afford all that it has.
#if DEBUG
    package let isOptimised = false
#else
    package let isOptimised = true
#endif

/// Seeds for one suite: ten times as many in the long form, a few where nothing is optimised.
package func seeds(_ count: UInt64, unoptimised: UInt64? = nil) -> ClosedRange<UInt64> {
    #if DEBUG
        return 1...(unoptimised ?? max(2, count / 25))
    #else
        return 1...(isLong ? 10 * count : count)
    #endif
}
