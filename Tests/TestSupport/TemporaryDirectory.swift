import Foundation
import Glibc

/// A directory of a test's own, removed with everything in it by `remove` or when nobody holds it any more.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init(_ prefix: String = "glo-test") throws {
        var template = Array("/tmp/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("no temporary directory: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The users of containers pass through it.
        chmod(path, 0o755)
    }

    deinit { remove() }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
