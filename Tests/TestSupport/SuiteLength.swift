import Foundation

/// Whether the long form of a suite was asked for.
package let isLong = ProcessInfo.processInfo.environment["SLUICE_LONG"] == "1"

/// Seeds for one suite: ten times as many in the long form, a few where nothing is optimised.
package func seeds(_ count: UInt64, unoptimised: UInt64? = nil) -> ClosedRange<UInt64> {
    #if DEBUG
        return 1...(unoptimised ?? max(2, count / 25))
    #else
        return 1...(isLong ? 10 * count : count)
    #endif
}
