import DocumentationSupport
import Foundation
import Glibc
import TestSupport

/// Runs the commands of one page against a controller of its own.
struct PageRun {
    struct Result {
        var ran = 0
        /// `PAGE:LINE: REASON`
        var skipped: [String] = []
        var failures: [String] = []
        var path = ""
        var seconds = 0.0
    }

    private let page: DocumentationPage

    /// Pages run in containers, as they do for readers; `GLO_TEST_ISOLATION=process` needs no engine.
    private static let isolation = ProcessInfo.processInfo.environment["GLO_TEST_ISOLATION"]

    init(_ page: DocumentationPage) { self.page = page }

    /// Runs the page, and says how long that took.
    func timed() async throws -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        var result = try await run()
        result.path = page.path
        result.seconds = (clock.now - start) / .seconds(1)
        return result
    }

    func run() async throws -> Result {
        let needsController = page.blocks.contains { block in
            switch block.kind {
            case .commands, .needing: true
            case .notRun, .setup, .file, .output, .other: false
            }
        }
        guard needsController else {
            let script = PageScript(page, replacing: { $0 }, hasProgram: { _ in false })
            return Result(skipped: script.skipped.map { "\(page.path):\($0.line): \($0.reason)" })
        }
        var options = GloProcess.Options.with(isolation: Self.isolation ?? "docker")
        options.arguments = ["--admin-listen", "127.0.0.1:0", "--spares", "1"] + page.controllerArguments
        // Without a token there is no TCP. It is not one that a page knows: pages make their own.
        options.environment["GLO_ADMIN_TOKEN"] = "the-documentation-has-a-token-of-its-own-1"
        var result = Result()
        do {
            try await GloProcess.run(options) { glo in result = try await run(against: glo) }
        } catch {
            result.failures.append("\(page.path): \(error)")
        }
        return result
    }

    private func run(against glo: GloProcess) async throws -> Result {
        let stage = try await PageStage(page, glo)
        let script = PageScript(page, replacing: stage.replaced, hasProgram: stage.hasProgram)
        let outcome = try await stage.run(script)
        var result = Result(ran: script.blocks.count)
        result.skipped = script.skipped.map { "\(page.path):\($0.line): \($0.reason)" }
        if let failure = stage.failure(outcome, script) { result.failures.append(failure) }
        for block in page.blocks {
            guard let expected = block.expected, let printed = stage.output(of: block.line) else { continue }
            let pattern = expected.map(stage.replaced)
            guard !OutputPattern(pattern).matches(printed) else { continue }
            result.failures.append(
                """
                \(page.path):\(block.line): the commands print something else than the page says
                --- the page:
                \(pattern.joined(separator: "\n"))
                --- printed:
                \(printed)
                """)
        }
        return result
    }
}
