import TestSupport
import Testing

/// Everything that runs the real controller. One after the other: a container start takes a core for a third of a second,
/// and several controllers at once would measure each other.
@Suite(.serialized)
enum Integration {}

/// Gives all tests of a suite one controller with prepared functions, and sees that it stops cleanly at the end.
struct SharedController: SuiteTrait, TestScoping {
    let options: GloProcess.Options
    let prepare: @Sendable (FunctionsDirectory) async throws -> Void

    @TaskLocal static var current: GloProcess?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await GloProcess.run(options, prepare: prepare) { glo in
            try await Self.$current.withValue(glo) { try await function() }
        }
    }
}

extension Trait where Self == SharedController {
    static func controller(
        _ options: GloProcess.Options = .init(),
        prepare: @escaping @Sendable (FunctionsDirectory) async throws -> Void
    ) -> Self {
        SharedController(options: options, prepare: prepare)
    }
}

/// The controller of the suite.
var glo: GloProcess {
    get throws { try #require(SharedController.current, "the suite has no controller") }
}

extension GloProcess.Options {
    static func with(_ arguments: String..., concurrency: Int = 32, isolation: String = "docker") -> Self {
        var options = Self()
        options.arguments = arguments
        options.concurrency = concurrency
        options.isolation = isolation
        return options
    }
}
