internal import Foundation

/// A program that answers requests on its standard input and output.
final class PeerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts the program at `path`.
    init?(path: String) {
        process.executableURL = URL(fileURLWithPath: path)
        process.standardInput = input
        process.standardOutput = output
        guard FileManager.default.isExecutableFile(atPath: path), (try? process.run()) != nil else {
            return nil
        }
    }

    deinit {
        // It ends when its input does.
        try? input.fileHandleForWriting.close()
    }

    func send(_ bytes: [UInt8]) throws(BenchmarkError) {
        do {
            try input.fileHandleForWriting.write(contentsOf: Data(bytes))
        } catch {
            throw .peerStopped
        }
    }

    /// Waits for `count` bytes.
    func receive(_ count: Int) throws(BenchmarkError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            guard
                let data = try? output.fileHandleForReading.read(upToCount: count - bytes.count),
                !data.isEmpty
            else { throw .peerStopped }
            bytes.append(contentsOf: data)
        }
        return bytes
    }
}
