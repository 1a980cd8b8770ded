import Foundation
import Glibc

/// A directory of a test's own, removed with everything in it when nobody holds it any more.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/glo-test-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, mkdtemp(base) != nil else { return "" }
            return String(cString: base)
        }
        precondition(!path.isEmpty, "no temporary directory: \(String(cString: strerror(errno)))")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
