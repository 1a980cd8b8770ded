import Foundation
import Glibc
import TestSupport

/// Everything that a run has on the disk.
struct ChaosDirectory: Sendable {
    let path: String

    var functions: FunctionsDirectory { FunctionsDirectory(path: "\(path)/functions") }
    var state: String { "\(path)/state" }
    var ledger: String { "\(path)/ledger" }
    /// The ledger of a handler in a container, as it sees it; other runs on the machine have other names.
    var ledgerInContainer: String { "/tmp/\(URL(filePath: path).lastPathComponent).ledger" }
    var log: String { "\(path)/glo.log" }
    /// Holds what is to be found before the system's programs.
    var programs: String { "\(path)/bin" }
    /// Where `synced_lengths.c` keeps its notes.
    var synced: String { "\(path)/synced" }

    init() throws {
        // Short: sockets below it have at most 107 bytes.
        var template = Array("/tmp/glo-chaos-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("no temporary directory: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The users of containers pass through it.
        chmod(path, 0o755)
        for directory in [functions.path, programs, synced] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            chmod(directory, 0o755)
        }
    }

    /// The label of the containers that belong to the state directory; nil when there are none yet.
    var label: String? {
        guard let bytes = FileManager.default.contents(atPath: "\(state)/namespace") else { return nil }
        return "glo.namespace=" + String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
