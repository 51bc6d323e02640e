internal import CloudFiles

/// What figures were measured on: they mean nothing elsewhere.
package struct Machine: Sendable {
    package let processor: String
    package let processorCount: Int
    /// Of one core, as the kernel writes it: `1024K`.
    package let level2Cache: String?
    /// The load average over a minute when the run began: who else was there.
    package let load: String?

    /// This machine, as far as Linux says.
    package init() {
        let lines = Machine.text(at: "/proc/cpuinfo").split(separator: "\n")
        let models = lines.filter { $0.hasPrefix("model name") }
        processor =
            models.first.flatMap { $0.split(separator: ":").last }
            .map { String($0.drop { $0 == " " }) } ?? "unknown processor"
        processorCount = max(1, lines.count { $0.hasPrefix("processor") })
        let cache = Machine.text(at: "/sys/devices/system/cpu/cpu0/cache/index2/size")
        level2Cache = cache.split(separator: "\n").first.map(String.init)
        load = Machine.text(at: "/proc/loadavg").split(separator: " ").first.map(String.init)
    }

    private static func text(at path: String) -> String {
        // A machine that does not say is none to fail on.
        guard let bytes = try? readFile(path: path) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One line for a person.
    package var summary: String {
        let parts = [
            "\(processorCount) × \(processor)", level2Cache.map { "L2 \($0)" },
            load.map { "load \($0)" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
