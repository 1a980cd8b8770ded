import DocumentationSupport
import Foundation

/// Links of a page to files of the repository.
enum PageLinks {
    struct Link {
        /// The line of the page.
        var line: Int
        /// From the repository.
        var path: String
        /// The heading, as GitHub names it.
        var anchor: String?
    }

    static func links(of page: DocumentationPage) -> [Link] {
        let directory = page.path.contains("/") ? URL(filePath: "/\(page.path)").deletingLastPathComponent().path : "/"
        return prose(of: page).flatMap { line, text in
            text.matches(of: /\]\(([^)\s]+)\)/).compactMap { match -> Link? in
                let target = String(match.1)
                guard !target.contains("://") else { return nil }
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
                    String.init)
                let path =
                    parts[0].isEmpty ? page.path : URL(filePath: "\(directory)/\(parts[0])").standardized.path
                return Link(
                    line: line, path: String(path.drop { $0 == "/" }), anchor: parts.count > 1 ? parts[1] : nil)
            }
        }
    }

    /// The names that headings have as targets of links.
    static func anchors(of page: DocumentationPage) -> Set<String> {
        Set(
            prose(of: page).compactMap { _, text -> String? in
                guard text.hasPrefix("#") else { return nil }
                let title = text.drop { $0 == "#" || $0 == " " }
                return title.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                    .replacing(" ", with: "-")
            })
    }

    /// The lines that are in no block, counted from 1.
    private static func prose(of page: DocumentationPage) -> [(Int, String)] {
        var isBlock = false
        var result: [(Int, String)] = []
        for (index, line) in page.lines.enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isBlock.toggle()
            } else if !isBlock {
                result.append((index + 1, line))
            }
        }
        return result
    }
}
