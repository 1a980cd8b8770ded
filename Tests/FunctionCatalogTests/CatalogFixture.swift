import FunctionModel
import Glibc
import Logging
import Testing

@testable import FunctionCatalog

/// A functions directory and a state directory of a test's own, which go away with it.
final class CatalogFixture: Sendable {
    let root: String
    var functions: String { "\(root)/functions" }
    var state: String { "\(root)/state" }

    init() throws {
        var template = Array("/tmp/glo-catalog-XXXXXX".utf8CString)
        let path = template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let base = buffer.baseAddress, mkdtemp(base) != nil else { return nil }
            return String(cString: base)
        }
        root = try #require(path)
        try FileOperations.makeDirectories("\(root)/functions")
    }

    deinit { try? FileOperations.removeTree(root) }

    func configuration(settle: Int = 20) -> CatalogConfiguration {
        var configuration = CatalogConfiguration(functionsDirectory: functions, stateDirectory: state)
        configuration.settleMilliseconds = settle
        return configuration
    }

    /// Writes a file below the functions directory in one go.
    func drop(_ path: String, _ text: String, mode: mode_t = 0o755) throws {
        try drop(path, Array(text.utf8), mode: mode)
    }

    func drop(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o755) throws {
        let full = "\(functions)/\(path)"
        if let parent = FileOperations.parent(of: full) { try FileOperations.makeDirectories(parent) }
        let file = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        try #require(file >= 0)
        defer { close(file) }
        try #require(fchmod(file, mode) == 0)
        try append(bytes, to: file)
    }

    func append(_ bytes: [UInt8], to file: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            try #require(count > 0)
            sent += count
        }
    }

    /// Puts a file in place by a rename from outside, as careful tools do.
    func replace(_ path: String, _ text: String) throws {
        try drop("../incoming", text)
        try #require(rename("\(root)/incoming", "\(functions)/\(path)") == 0)
    }

    func remove(_ path: String) throws { try FileOperations.removeTree("\(functions)/\(path)") }

    /// A script that is a good handler and differs by its word.
    static func script(_ word: String) -> String { "#!/bin/sh\necho \(word)\n" }

    func dropScript(_ path: String, _ word: String) throws { try drop(path, Self.script(word)) }

    /// The stored text of one file of a version.
    func stored(_ version: FunctionVersion, _ path: String) throws -> String {
        let bytes = try #require(try FileOperations.contents(of: "\(version.filesPath)/\(path)", limit: 1 << 20))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A catalogue that runs.
    func start(settle: Int = 20, clock: CatalogClock = .system) -> RunningCatalog {
        RunningCatalog(
            FunctionCatalog(
                configuration: configuration(settle: settle), logger: Logger(label: "test") { _ in SilentLog() },
                clock: clock))
    }
}

/// A log that nobody reads.
struct SilentLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.critical
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {}
}
