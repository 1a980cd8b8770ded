import Foundation
import FunctionCatalog
import FunctionModel
import HTTPCodec
import Logging
import NIOCore
import Testing

@testable import Controller

/// The management API over a real catalogue in directories of its own, whose candidates all start.
final class LambdaFixture: Sendable {
    let root: String
    let control: LambdaControl
    private let tasks: [Task<Void, Never>]

    var functions: String { "\(root)/functions" }

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("glo-lambda-\(UUID().uuidString)").path
        for name in ["functions", "state"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        var configuration = CatalogConfiguration(
            functionsDirectory: "\(root)/functions", stateDirectory: "\(root)/state")
        configuration.settleMilliseconds = 10
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let catalog = FunctionCatalog(configuration: configuration, logger: logger)
        tasks = [
            Task {
                // A test that needs no function may have ended, and its directory be gone, before this begins.
                guard (try? await catalog.prepare()) != nil else { return }
                await catalog.run()
            },
            Task {
                for await event in catalog.events {
                    if case .candidate(let version, _) = event { await catalog.activated(version) }
                }
            },
        ]
        control = LambdaControl(
            catalog: catalog, versions: FakeVersions(catalog), publicURL: "http://127.0.0.1:8080", logger: logger,
            unixMilliseconds: { 1_700_000_000_500 })
    }

    deinit {
        for task in tasks { task.cancel() }
        try? FileManager.default.removeItem(atPath: root)
    }

    struct Answer {
        let status: Int
        let body: ServiceJSON
        let error: String?

        subscript(key: String) -> ServiceJSON? { body[key] }
    }

    @discardableResult
    func call(_ method: String, _ target: String, _ body: ServiceJSON? = nil) async throws -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1)
        let request = ServiceRequest(
            id: "id", method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil,
            fields: HTTPFields(), body: body?.bytes ?? ByteBuffer())
        let response = await control.respond(to: request)
        let json = response.body.readableBytes > 0 ? try ServiceJSON(response.body) : .null
        return Answer(status: response.status, body: json, error: response.fields.first("x-amzn-ErrorType"))
    }

    static let path = "/2015-03-31/functions"
    static let script = "#!/bin/sh\necho one\n"

    static func creation(_ name: String, _ more: [String: ServiceJSON] = [:]) -> ServiceJSON {
        var members: [String: ServiceJSON] = [
            "FunctionName": .text(name), "Role": "arn:aws:iam::000000000000:role/any", "Runtime": "provided.al2023",
            "Handler": "bootstrap", "Code": ["ZipFile": .text(TinyArchive.base64([("bootstrap", script)]))],
        ]
        members.merge(more) { $1 }
        return .object(members)
    }

    func create(_ name: String = "hello", _ more: [String: ServiceJSON] = [:]) async throws {
        let answer = try await call("POST", Self.path, Self.creation(name, more))
        try #require(answer.status == 201, "\(answer.body)")
    }

    func drop(_ path: String, _ text: String, executable: Bool = false) throws {
        let full = "\(functions)/\(path)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: full, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: executable ? 0o755 : 0o644], ofItemAtPath: full)
    }

    /// Waits until the catalogue has taken what was dropped.
    func taken(_ name: String) async throws {
        let name = try #require(FunctionName(name))
        while await control.catalog.entry(name)?.state != .active { try await Task.sleep(for: .milliseconds(5)) }
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(functions)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(functions)/\(path)")
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
