import Foundation
import Glibc
import TestSupport

/// Compiles and lays out what a run needs before the controller starts.
enum Preparation {
    /// The function's name, and its route.
    static let function = "work"
    /// How the handler's process is called.
    static let handler = "chaos_handler"

    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Programs").path

    static func lay(_ directory: ChaosDirectory, _ settings: ChaosSettings) async throws {
        // Static: in a container there may be another C library.
        let compiled = "\(directory.path)/\(handler)"
        try await Program.check(
            "cc", ["-O1", "-Wall", "-Wextra", "-static", "-o", compiled, "\(sources)/chaos_handler.c"])
        let bytes = try Data(contentsOf: URL(filePath: compiled))
        let staged = "\(directory.path)/\(function).new"
        try FileManager.default.createDirectory(atPath: staged, withIntermediateDirectories: false)
        chmod(staged, 0o755)
        try bytes.write(to: URL(filePath: "\(staged)/\(handler)"))
        chmod("\(staged)/\(handler)", 0o755)
        try Data(manifest(directory, settings).utf8).write(to: URL(filePath: "\(staged)/function.yaml"))
        chmod("\(staged)/function.yaml", 0o644)
        try directory.functions.move(staged, to: function)
        if settings.kills[.powerCut] ?? 0 > 0 {
            try await preload(directory.path, programs: directory.programs, notes: directory.synced)
        }
    }

    private static func manifest(_ directory: ChaosDirectory, _ settings: ChaosSettings) -> String {
        var lines = [
            "command: [./\(handler)]", "contract: lambda", "timeout: 10s", "memory: 32Mi",
            "workers: {min: 2, max: 8, concurrency: 1, idle: 10m}",
            "async: {attempts: 5}",
        ]
        switch settings.isolation {
        case .process: lines.append("environment: {CHAOS_LEDGER: \(directory.ledger)}")
        // Containers share no place that they could write to: each has a ledger of its own.
        case .docker: lines.append("environment: {CHAOS_LEDGER: \(directory.ledgerInContainer), CHAOS_LEDGER_WAIT: 1}")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Makes a redis-server in `programs`, to be found before the system's, that notes what it has synced.
    static func preload(_ directory: String, programs: String, notes: String) async throws {
        let library = "\(directory)/synced_lengths.so"
        try await Program.check(
            "cc", ["-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", library, "\(sources)/synced_lengths.c", "-ldl"])
        let server = try await Program.check("sh", ["-c", "command -v redis-server"]).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let wrapper = """
            #!/bin/sh
            CHAOS_SYNCED='\(notes)' LD_PRELOAD='\(library)' exec '\(server)' "$@"

            """
        let path = "\(programs)/redis-server"
        try Data(wrapper.utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
    }
}
