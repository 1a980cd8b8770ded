import Foundation
import Glibc
import Synchronization

/// The directories of a controller under test, which outlive it, and all controllers that were started on them.
package final class GloHome: Sendable {
    package let directory: TemporaryDirectory
    private let children = Mutex<[ChildProcess]>([])

    package var path: String { directory.path }
    package var functions: FunctionsDirectory { FunctionsDirectory(path: "\(path)/functions") }
    package var state: String { "\(path)/state" }

    package init() throws {
        directory = try TemporaryDirectory("glo-it")
        try FileManager.default.createDirectory(atPath: functions.path, withIntermediateDirectories: false)
        chmod(functions.path, 0o755)
    }

    func adopt(_ child: ChildProcess) { children.withLock { $0.append(child) } }

    /// The label of the containers that belong to the state directory; nil when no controller has made one yet.
    package var label: String? {
        guard let bytes = FileManager.default.contents(atPath: "\(state)/namespace") else { return nil }
        return "glo.namespace=" + String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends what runs, removes the containers, removes the directories.
    package func cleanUp() async {
        for child in children.withLock(\.self) where child.exitCode == nil {
            child.signal(SIGKILL)
            _ = await child.waitForEnd(seconds: 10)
        }
        if let label { try? await Docker.remove(label: label) }
        directory.remove()
    }
}
