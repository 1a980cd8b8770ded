import DocumentationSupport
import Foundation
import TestSupport
import Testing

extension Integration {
    /// What the pages tell their readers to type works, and prints what they say.
    ///
    /// Every ```` ```sh ```` block of README.md and docs/ is run: the blocks of one page in their order, in one shell, in
    /// a directory of the page's own with a controller of the page's own. A ```` ```text ```` block is what the commands
    /// before it print, compared as ``OutputPattern`` says. ``DocumentationPage`` lists the comments that help.
    ///
    /// `GLO_TEST_PAGE=events` runs the pages whose path holds that, and `GLO_TEST_ISOLATION=process` needs no engine.
    @Suite("The documentation")
    struct Documentation {
        /// A page starts a controller and a Redis and then mostly waits for files to settle, so a few go at once.
        private static let pagesAtOnce = 4

        @Test("The commands of every page work and print what the page says")
        func commands() async throws {
            var pages = try DocumentationPage.all(in: Handlers.repository).filter { !$0.blocks.isEmpty }
            if let wanted = ProcessInfo.processInfo.environment["GLO_TEST_PAGE"] {
                pages = pages.filter { $0.path.contains(wanted) }
            }
            let lists = pages
            var (ran, skipped, slow) = (0, [String](), [PageRun.Result]())
            try await withThrowingTaskGroup(of: PageRun.Result.self) { group in
                var waiting = lists[...]
                for page in waiting.prefix(Self.pagesAtOnce) { group.addTask { try await PageRun(page).timed() } }
                waiting = waiting.dropFirst(Self.pagesAtOnce)
                while let result = try await group.next() {
                    for failure in result.failures { Issue.record(Comment(rawValue: failure)) }
                    ran += result.ran
                    skipped += result.skipped
                    if result.seconds > 5 { slow.append(result) }
                    if let page = waiting.popFirst() { group.addTask { try await PageRun(page).timed() } }
                }
            }
            #expect(ran > 0)
            for result in slow.sorted(by: { $0.seconds > $1.seconds }) {
                print("documentation: \(result.path) took \(Int(result.seconds)) s")
            }
            print("documentation: \(ran) blocks ran, \(skipped.count) did not:")
            for line in skipped.sorted() { print("    \(line)") }
        }

        @Test("What does not run in a test is at least good shell")
        func syntax() async throws {
            for page in try DocumentationPage.all(in: Handlers.repository) {
                for block in page.blocks where block.hasCommands {
                    let text = Array((block.text.joined(separator: "\n") + "\n").utf8)
                    let outcome = try await Program.run("bash", ["-n"], input: text)
                    #expect(outcome.code == 0, "\(page.path):\(block.line): \(outcome.errors)")
                }
            }
        }

        /// What is wrong with a manifest itself, whatever lies beside it.
        private static let manifestCodes: Set = ["manifest_syntax", "unknown_key", "invalid_value", "contradiction"]

        @Test("Every manifest in a page is one that Glo takes")
        func manifests() async throws {
            let directory = try TemporaryDirectory("glo-docs")
            var count = 0
            for page in try DocumentationPage.all(in: Handlers.repository) {
                for block in page.blocks where block.language == "yaml" && isManifest(block.text) {
                    count += 1
                    let path = "\(directory.path)/f\(count)"
                    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                    let text = block.text.joined(separator: "\n") + "\n"
                    try Data(text.utf8).write(to: URL(filePath: "\(path)/function.yaml"))
                    let outcome = try await Program.run(Program.glo, ["validate", path, "-o", "json"])
                    for problem in try outcome.json["problems"].array {
                        let isWrong = Self.manifestCodes.contains(problem["code"].string ?? "")
                        #expect(!isWrong, "\(page.path):\(block.line): \(problem["message"].string ?? "")")
                    }
                }
            }
            #expect(count > 10)
        }

        private func isManifest(_ lines: [String]) -> Bool {
            let keys = ["triggers:", "async:", "runtime:", "contract:", "image:", "command:"]
            return lines.contains { line in keys.contains { line.hasPrefix($0) } }
        }

        @Test("Links between pages lead to files and headings that are there")
        func links() throws {
            let pages = try DocumentationPage.all(in: Handlers.repository)
            let anchors = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, PageLinks.anchors(of: $0)) })
            for page in pages {
                for link in PageLinks.links(of: page) {
                    let isThere = FileManager.default.fileExists(atPath: "\(Handlers.repository)/\(link.path)")
                    #expect(isThere, "\(page.path):\(link.line): there is no \(link.path)")
                    guard let anchor = link.anchor, let known = anchors[link.path] else { continue }
                    #expect(known.contains(anchor), "\(page.path):\(link.line): \(link.path) has no heading #\(anchor)")
                }
            }
        }
    }
}
