import Foundation

/// A page of the documentation, as its tests see it.
///
/// A page is Markdown for people. What the tests need besides is in HTML comments, which no reader sees. In front of a
/// block:
///
///     <!-- not run: REASON -->      these commands cannot run in a test
///     <!-- needs: PROGRAM, … -->    they run where these programs are
///     <!-- file: PATH -->           the block is written to this file
///
/// Anywhere: `<!-- setup`, then lines of commands, then `-->`. At the head: `<!-- controller: ARGUMENTS -->` for
/// arguments of `glo serve`, `<!-- python: PACKAGE, … -->` for packages that are on hand.
package struct DocumentationPage: Sendable {
    /// From the repository, such as `docs/events.md`.
    package var path: String
    package var lines: [String]
    package var blocks: [DocumentationBlock]
    /// Arguments of `glo serve` that the page supposes.
    package var controllerArguments: [String]
    /// Packages of Python that the page supposes.
    package var pythonPackages: [String]

    /// Every page of a repository, by name.
    package static func all(in repository: String) throws -> [DocumentationPage] {
        let docs = try FileManager.default.subpathsOfDirectory(atPath: "\(repository)/docs")
            .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        return try (["README.md"] + docs.sorted()).map { path in
            let text = try String(contentsOf: URL(filePath: "\(repository)/\(path)"), encoding: .utf8)
            return try DocumentationPage(path: path, text: text)
        }
    }

    /// - Throws: ``DocumentationProblem`` for a fence or a comment that is not closed, and for a comment that means nothing.
    package init(path: String, text: String) throws {
        var reader = PageReader(path: path, text: text)
        self = try reader.read()
    }

    init(path: String, lines: [String]) {
        self.path = path
        self.lines = lines
        blocks = []
        controllerArguments = []
        pythonPackages = []
    }
}
