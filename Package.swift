// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of the package is compiled with.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // The data plane's small functions lie in several modules. Debug builds, and so all tests, check exclusive access.
    .unsafeFlags(["-cross-module-optimization", "-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// Init runs in every container, so it is Embedded Swift in one static file: no runtime, no Unicode tables.
let embedded: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Embedded"),
    .unsafeFlags(["-wmo", "-Osize"]),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

/// A library target of `Sources/`.
func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, swiftSettings: strict)
}

let package = Package(
    name: "glo",
    products: [
        .executable(name: "glo", targets: ["glo"]),
        .executable(name: "glo-init", targets: ["glo-init"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // A target depends on lower layers only. The layers are defined by these comments: .ci/house reads them, and
        // compares them with the map in docs/design/architecture.md.
        //
        // L0: the system's libraries
        .systemLibrary(name: "CCurl"),
        .systemLibrary(name: "CHiredis"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CLibrary"),
        .target(name: "CLinux"),
        .target(name: "CEventLoop"),
        // L1: the floor: what each part would have to write again
        library("TextForms", []),
        library("LinuxSystem", ["CLinux"]),
        // L2: what needs nothing of Glo but the floor
        library("HTTPCodec", ["TextForms", nioCore]),
        library("AdminModel", ["TextForms"]),
        library("JSONCodec", ["TextForms"]),
        library("StateFiles", ["TextForms", "LinuxSystem", crypto]),
        library("BatchedWrites", [nioCore]),
        library("CurlClient", ["CCurl", "LinuxSystem"]),
        // L3: values, and the protocols of other systems
        library("FunctionModel", ["TextForms", "HTTPCodec", "LinuxSystem", nioCore]),
        library("CloudEvents", ["TextForms", "HTTPCodec", "JSONCodec", crypto, nioCore]),
        library("SigV4", ["HTTPCodec", "TextForms", nioCore, crypto]),
        library(
            "RedisClient", ["TextForms", "CHiredis", "BatchedWrites", "LinuxSystem", nioCore, nioPosix, logging, deque]),
        // L4: pure state machines, and archives
        library("DispatchCore", ["TextForms", "FunctionModel", "HTTPCodec", "JSONCodec", deque]),
        library("ZipArchive", ["TextForms", "FunctionModel", "CZlib", "LinuxSystem"]),
        // L5: the parts, which do not know each other
        library(
            "FunctionCatalog",
            [
                "TextForms", "DispatchCore", "FunctionModel", "LinuxSystem", "StateFiles", "CLinux", crypto, logging,
                .product(name: "Yams", package: "Yams"),
            ]),
        library(
            "ContainerEngine", ["TextForms", "FunctionModel", "CurlClient", "CLinux", "LinuxSystem", logging, metrics]),
        // The binary carries the adapters of other systems' handlers.
        .target(
            name: "FunctionImport",
            dependencies: [
                "TextForms", "FunctionModel", "LinuxSystem", "ZipArchive", .product(name: "Yams", package: "Yams"),
            ],
            resources: [
                "Adapters/glo_openfaas.py", "Adapters/glo_openfaas.js", "Adapters/glo_fn.py",
            ].map { .embedInCode($0) },
            swiftSettings: strict),
        library("InitLink", ["FunctionModel", "CLinux", "LinuxSystem", logging]),
        library(
            "WorkerProtocol",
            [
                "TextForms", "BatchedWrites", "FunctionModel", "HTTPCodec", "CEventLoop", "CLinux", "LinuxSystem",
                nioCore, nioPosix, deque,
            ]),
        library(
            "Gateway",
            [
                "TextForms", "BatchedWrites", "CloudEvents", "FunctionModel", "HTTPCodec", "DispatchCore",
                "LinuxSystem",
                crypto,
                nioCore, nioPosix, logging,
            ]),
        // One binary carries the function library that it loads into Redis.
        .target(
            name: "EventStore",
            dependencies: ["TextForms", "FunctionModel", "LinuxSystem", "RedisClient", nioCore, logging],
            resources: [.embedInCode("glo.lua")], swiftSettings: strict),
        library(
            "TokenAuth", ["TextForms", "FunctionModel", "JSONCodec", .product(name: "JWTKit", package: "jwt-kit")]),
        library(
            "OutboundHTTP",
            ["TextForms", "CCurl", "CLinux", "CurlClient", "FunctionModel", "LinuxSystem", crypto, deque]),
        library("RedisServer", ["TextForms", "StateFiles", "CLinux", "CZlib", "LinuxSystem", logging]),
        library("AccessControl", ["TextForms", "StateFiles", "CLinux", "LinuxSystem", crypto]),
        // One binary carries the page.
        .target(
            name: "Dashboard",
            resources: [
                .embedInCode("dashboard.html"), .embedInCode("dashboard.css"), .embedInCode("dashboard.js"),
                .embedInCode("dashboard-api.js"), .embedInCode("dashboard-chart.js"),
                .embedInCode("dashboard-view.js"),
            ], swiftSettings: strict),
        library("HostChecks", ["AdminModel", "CLinux", "LinuxSystem"]),
        // The loaders of handlers: the binary carries them too.
        .target(
            name: "HandlerRuntimes", path: "runtime", exclude: ["init"], sources: ["embed"],
            resources: [
                "python/bootstrap.py", "python/_glo_connection.py", "python/_glo_context.py",
                "python/_glo_logging.py", "python/_glo_results.py", "node/bootstrap.cjs", "node/connection.cjs",
                "node/console.cjs", "node/errors.cjs", "node/globals.cjs", "node/load.cjs", "node/stream.cjs",
            ].map { .embedInCode($0) },
            swiftSettings: strict),
        library(
            "Observability",
            ["TextForms", "AdminModel", "FunctionModel", "CurlClient", "LinuxSystem", logging, metrics, deque]),
        // L6: joins the parts
        library(
            "Controller",
            [
                "TextForms", "FunctionModel", "HTTPCodec", "JSONCodec", "CloudEvents", "AdminModel", "DispatchCore",
                "FunctionCatalog", "ContainerEngine", "TokenAuth", "InitLink", "WorkerProtocol", "Gateway",
                "Observability", "RedisClient", "EventStore", "OutboundHTTP", "RedisServer", "AccessControl",
                "StateFiles", "Dashboard", "HandlerRuntimes", "SigV4", "ZipArchive", "CLinux", "LinuxSystem", nioCore,
                nioPosix,
                logging, crypto,
                deque, hummingbird,
            ]),
        // L7: the command line, and the place where a daemon is put together
        .executableTarget(
            name: "glo",
            dependencies: [
                "TextForms", "Controller", "AdminModel", "FunctionModel", "FunctionCatalog", "FunctionImport",
                "ContainerEngine",
                "AccessControl", "DispatchCore", "HostChecks", "Observability", "CurlClient", "RedisClient",
                "RedisServer", "CLinux", "LinuxSystem", logging, metrics,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        // Apart: the program inside every container
        .executableTarget(
            name: "glo-init", dependencies: ["CLinux", "CLibrary"], path: "runtime/init", swiftSettings: embedded,
            linkerSettings: [.unsafeFlags(["-static-executable"])]),
        // Tests: they may depend on anything
        tests("FunctionModel"),
        tests("HTTPCodec", [nioCore]),
        tests("SigV4", ["HTTPCodec", nioCore]),
        tests("JSONCodec"),
        tests("CloudEvents", ["HTTPCodec", nioCore]),
        tests("DispatchCore", ["TextForms", "FunctionModel", "HTTPCodec", "JSONCodec"]),
        tests("CurlClient"),
        tests("FunctionCatalog", ["FunctionModel", "LinuxSystem", "StateFiles", "CLinux", logging]),
        tests("ZipArchive", ["CZlib"]),
        tests("ContainerEngine", ["CurlClient", "FunctionModel", "LinuxSystem", subprocess, logging]),
        tests("AccessControl", ["StateFiles"]),
        tests("StateFiles"),
        tests("TextForms"),
        tests("LinuxSystem", ["CLinux"]),
        .testTarget(
            name: "FunctionImportTests",
            dependencies: ["FunctionImport", subprocess, .product(name: "Yams", package: "Yams")],
            exclude: ["Projects", "Expected"],
            swiftSettings: strict),
        tests("InitLink", ["FunctionModel", "CLinux", "LinuxSystem", logging]),
        tests("WorkerProtocol", ["FunctionModel", "HTTPCodec", "CEventLoop", "CLinux", nioCore, nioPosix]),
        tests(
            "Gateway",
            [
                "CloudEvents", "DispatchCore", "FunctionModel", "HTTPCodec", "LinuxSystem", nioCore, nioPosix,
                nioEmbedded, logging,
            ]),
        .target(
            name: "RedisTestSupport", dependencies: ["CLinux"], path: "Tests/RedisTestSupport", swiftSettings: strict),
        tests(
            "EventStore",
            ["RedisTestSupport", "RedisClient", "DispatchCore", "FunctionModel", nioCore, nioPosix, logging]),
        tests("RedisClient", ["TestSupport", "CLinux", nioCore, nioPosix, logging]),
        tests("RedisServer", [logging]),
        tests("TokenAuth", ["FunctionModel", "JSONCodec", .product(name: "JWTKit", package: "jwt-kit")]),
        tests("OutboundHTTP", ["CurlClient", "LinuxSystem", subprocess]),
        tests(
            "Controller",
            [
                "AdminModel", "CZlib", "CloudEvents", "ContainerEngine", "DispatchCore", "EventStore",
                "FunctionCatalog",
                "FunctionModel", "HTTPCodec", "HandlerRuntimes", "JSONCodec", "RedisClient", "RedisServer",
                "RedisTestSupport",
                nioCore,
                nioEmbedded, nioPosix, logging,
            ]),
        tests("HostChecks"),
        tests("Observability", ["AdminModel", "FunctionModel", logging, metrics]),
        .target(
            name: "AdminTestSupport",
            dependencies: ["Controller", "AdminModel", "FunctionModel", "CurlClient", nioCore, logging],
            path: "Tests/AdminTestSupport", swiftSettings: strict),
        // The pages of docs/ as tests read them
        .target(name: "DocumentationSupport", path: "Tests/DocumentationSupport", swiftSettings: strict),
        tests("DocumentationSupport"),
        .testTarget(
            name: "AdminTests",
            dependencies: [
                "AdminTestSupport", "AccessControl", "Controller", "AdminModel", "CurlClient", "FunctionModel",
                "HTTPCodec",
                "CLinux", crypto, hummingbird, nioCore, .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GloTests",
            dependencies: [
                "glo", "AdminTestSupport", "DocumentationSupport", "Controller", "AdminModel", "FunctionModel",
                "CurlClient", "DispatchCore", "HTTPCodec", "HostChecks", subprocess,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: [
                "AdminModel", "CurlClient", "CLinux", subprocess,
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        // Kills a real glo while events run through it
        .executableTarget(
            name: "glo-chaos",
            dependencies: [
                "TestSupport", "AdminModel", "CurlClient", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Chaos", exclude: ["README.md", "Programs"], swiftSettings: strict),
        .testTarget(
            name: "ChaosTests", dependencies: ["glo-chaos", "TestSupport", "CLinux"], swiftSettings: strict),
        // They run glo and glo-init as programs, which lie beside the test bundle. Neither is a dependency: init is
        // Embedded Swift, whose runtime must not be linked into anything else.
        .testTarget(
            name: "IntegrationTests",
            dependencies: ["TestSupport", "DocumentationSupport", "AdminModel", "CLinux"],
            exclude: ["Handlers", "Fixtures"],
            swiftSettings: strict),
    ]
)
