// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every Swift target, so that no module is written in a laxer language than another.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// For what a stage passes through: overlapping accesses, which debug builds trap, are not looked for in release.
let hotSettings = settings + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// The engine's generic code is specialised in the modules that use it, too; with the above, a tenth of the processor
/// time of a stage. Not for Adapters, whose typed throws crash Swift 6.3's optimiser when they are inlined elsewhere.
let engineSettings = hotSettings + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

let package = Package(
    name: "saga-runner",
    products: [
        .executable(name: "saga-runner", targets: ["saga-runner"]),
        .executable(name: "saga-bench", targets: ["saga-bench"]),
        .library(name: "SagaEngine", targets: ["SagaEngine"]),
        .library(name: "SagaTestKit", targets: ["SagaTestKit"]),
    ],
    targets: [
        // Debian's C libraries. No Swift package is depended on: see docs/adr/0001-no-swift-packages.md.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),

        // Arrows point one way: saga-runner → Sandbox → Adapters → SettlementFlows → SagaEngine.
        .target(name: "SagaEngine", swiftSettings: engineSettings),
        .target(name: "SettlementFlows", dependencies: ["SagaEngine"], swiftSettings: engineSettings),
        .target(
            name: "Adapters",
            dependencies: [
                "SettlementFlows", "SagaEngine", "CSQLite", "CPostgreSQL", "CCurl", "CCrypto", "CMicroHTTPD",
            ],
            swiftSettings: hotSettings),
        .target(name: "SagaTestKit", dependencies: ["SagaEngine"], swiftSettings: settings),
        .target(name: "Sandbox", dependencies: ["Adapters", "SettlementFlows", "SagaEngine"], swiftSettings: settings),
        .executableTarget(
            name: "saga-runner",
            dependencies: ["Sandbox", "SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine"],
            swiftSettings: hotSettings),
        // The daemon and the counterparties as processes, for what starts, kills and measures them.
        .target(
            name: "RunnerTheatre", dependencies: ["Adapters", "SagaEngine", "CSQLite", "CPostgreSQL"],
            swiftSettings: settings),
        .executableTarget(
            name: "saga-bench",
            dependencies: ["RunnerTheatre", "SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine", "CSQLite"],
            path: "Benchmarks/saga-bench",
            swiftSettings: hotSettings),
        .executableTarget(
            name: "saga-chaos",
            dependencies: ["RunnerTheatre", "SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine", "CSQLite"],
            swiftSettings: settings),

        .testTarget(name: "SagaEngineTests", dependencies: ["SagaTestKit", "SagaEngine"], swiftSettings: settings),
        .testTarget(
            name: "FlowTests", dependencies: ["saga-sim", "SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine"],
            exclude: ["IllegalFlows"],
            swiftSettings: settings),
        .testTarget(
            name: "AdapterTests",
            dependencies: ["Sandbox", "SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine", "CSQLite"],
            swiftSettings: settings),
        .testTarget(
            name: "RunnerTests",
            dependencies: ["saga-runner", "Sandbox", "SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine"],
            swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
        .executableTarget(
            name: "power-cut", dependencies: ["SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine"],
            path: "Tests/PowerCut", swiftSettings: settings),
        .executableTarget(
            name: "saga-sim", dependencies: ["SagaTestKit", "Adapters", "SettlementFlows", "SagaEngine"],
            path: "Tests/Simulation", swiftSettings: settings),
    ]
)

// What the thread sanitizer is to look at is built alone for it: the rest is as much again.
if Context.environment["SAGA_SANITIZED_TESTS"] != nil {
    let others = ["RunnerTheatre", "FlowTests", "RunnerTests", "TidyTests"]
    package.products = []
    package.targets.removeAll { $0.type == .executable || others.contains($0.name) }
}
