// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: unsafe code must say `unsafe`, and a warning stops the build.
let strict: [SwiftSetting] = [
    .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "sluice",
    products: [.executable(name: "sluice", targets: ["sluice"])],
    targets: [
        // What the cloud says, as values: addresses, ports, rules, groups, prefix lists, interfaces.
        .target(name: "CloudModel", swiftSettings: strict),
        // The calls that change a fleet, and the refusals that each can give.
        .target(name: "ControlPlane", dependencies: ["CloudModel"], swiftSettings: strict),
        // The decisions made slowly and obviously, straight from the rules: our oracle.
        .target(name: "ReferenceFilter", dependencies: ["CloudModel"], swiftSettings: strict),
        // Rules compiled for speed.
        .target(
            name: "FilterTables", dependencies: ["CLaneKernel", "CPrefetch", "CloudModel"],
            swiftSettings: strict),
        // One instruction that Swift cannot say.
        .systemLibrary(name: "CPrefetch"),
        // Sixteen packets decided in each step, on machines with AVX-512.
        .target(name: "CLaneKernel"),
        // What flows leave behind: connection tracking, and the first fragments of datagrams.
        .target(
            name: "Sessions", dependencies: ["CloudModel", "FilterTables"], swiftSettings: strict),
        // libpcap's header, as a Swift module.
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        // The decompressors' headers, as Swift modules.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // Capture files in, packets out.
        .target(
            name: "Captures", dependencies: ["CloudModel", "CPcap", "CZlib", "CZstd"],
            swiftSettings: strict),
        // Packets through tables: decisions, tallies, rates.
        .target(
            name: "Replay",
            dependencies: ["Captures", "CloudModel", "ControlPlane", "FilterTables", "Sessions"],
            swiftSettings: strict),
        // Which rule decides, and why no other does; which packets two fleets decide differently.
        .target(
            name: "Questions", dependencies: ["CloudModel", "ReferenceFilter"],
            swiftSettings: strict),
        // Operations and packets in a row, and what must come of them.
        .target(
            name: "Scenarios", dependencies: ["CloudModel", "ControlPlane", "ReferenceFilter"],
            swiftSettings: strict),
        // Cloud state, calls, rule sets and traces read from files; what is printed, as JSON text.
        .target(
            name: "CloudFiles", dependencies: ["CloudModel", "ControlPlane", "Scenarios"],
            swiftSettings: strict),
        // The command: one file a subcommand.
        .executableTarget(
            name: "sluice",
            dependencies: [
                "BenchmarkSuite", "Captures", "CloudFiles", "CloudModel", "ControlPlane",
                "FilterTables", "Questions", "ReferenceFilter", "Replay", "Scenarios", "Sessions",
            ],
            swiftSettings: strict),

        // Seeded generators and builders that several test targets use.
        .target(
            name: "TestSupport", dependencies: ["CloudModel", "ControlPlane", "Questions"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "CloudModelTests", dependencies: ["CloudModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: ["CloudFiles", "CloudModel", "ControlPlane", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ReferenceFilterTests",
            dependencies: ["CloudModel", "ReferenceFilter"], swiftSettings: strict),
        .testTarget(
            name: "FilterTablesTests",
            dependencies: ["CloudModel", "FilterTables", "ReferenceFilter", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "SessionsTests",
            dependencies: ["CloudModel", "FilterTables", "Sessions", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CloudFilesTests",
            dependencies: ["CloudFiles", "CloudModel", "ControlPlane", "Scenarios", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CapturesTests", dependencies: ["Captures", "CloudModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ReplayTests",
            dependencies: [
                "Captures", "CloudFiles", "CloudModel", "ControlPlane", "FilterTables", "Questions",
                "ReferenceFilter", "Replay", "Sessions", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ScenariosTests",
            dependencies: [
                "CloudFiles", "CloudModel", "ControlPlane", "ReferenceFilter", "Scenarios",
                "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SluiceTests",
            dependencies: [
                "CloudFiles", "CloudModel", "ControlPlane", "Replay", "Scenarios", "TestSupport",
                "sluice",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "QuestionsTests",
            dependencies: ["CloudModel", "Questions", "ReferenceFilter", "TestSupport"],
            swiftSettings: strict),

        .testTarget(
            name: "BenchmarkSuiteTests",
            dependencies: ["BenchmarkSuite", "CAllocationCounter", "CloudModel", "ControlPlane"],
            swiftSettings: strict),

        // What the benchmarks read from the machine: processor time.
        .target(name: "CProbes", path: "Benchmarks/CProbes"),
        // Allocations counted, in the program that links it.
        .target(name: "CAllocationCounter", path: "Benchmarks/CAllocationCounter"),
        // What is measured, beside which peers, and how it is reported.
        .target(
            name: "BenchmarkSuite",
            dependencies: [
                "CProbes", "CloudFiles", "CloudModel", "ControlPlane", "FilterTables",
                "ReferenceFilter", "Replay", "Sessions",
            ],
            path: "Benchmarks/BenchmarkSuite", swiftSettings: strict),
        // The suite as a program.
        .executableTarget(
            name: "SluiceBenchmarks", dependencies: ["BenchmarkSuite", "CAllocationCounter"],
            path: "Benchmarks/SluiceBenchmarks", swiftSettings: strict),

        // Fuzzers: programs that try one input a file; libFuzzer's with `--sanitize fuzzer`.
        .executableTarget(
            name: "DecodeFuzz", dependencies: ["Captures", "CloudModel", "FuzzFiles"],
            path: "Fuzz/DecodeFuzz", swiftSettings: strict),
        .executableTarget(
            name: "CaptureFuzz", dependencies: ["Captures", "CloudModel", "FuzzFiles"],
            path: "Fuzz/CaptureFuzz", swiftSettings: strict),
        .executableTarget(
            name: "FleetFuzz", dependencies: ["CloudFiles", "CloudModel"], path: "Fuzz/FleetFuzz",
            swiftSettings: strict),
        // Files given to the programs by name.
        .target(name: "FuzzFiles", path: "Fuzz/FuzzFiles", swiftSettings: strict),
    ]
)
