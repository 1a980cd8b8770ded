import AdminModel
package import FunctionCatalog
import FunctionModel
import HTTPCodec
package import Logging
import NIOCore

/// Lambda's management API over the functions directory: it writes what it is told into `functions/NAME/` and tells
/// what lies there.
///
/// The operations and their documents: the service model of AWS Lambda, API version 2015-03-31.
package struct LambdaControl: ServiceAPI {
    /// What the roles of functions are that nobody gave one.
    static let dummyRole = "arn:aws:iam::\(LambdaIdentity.account):role/glo"
    static let architecture = MachineArchitecture.host == .aarch64 ? "arm64" : MachineArchitecture.host.name

    let catalog: FunctionCatalog
    let writer: FunctionWriter
    let versions: any VersionBackend
    let records: LambdaRecords
    let digests = CodeDigests()
    /// `http://HOST:PORT` of the public listener.
    let publicURL: String
    /// How long an answer waits for the catalogue's verdict on what was written, in milliseconds.
    let verdictMilliseconds: Int
    let clock: @Sendable () -> Int64
    let logger: Logger

    /// - Parameters:
    ///   - publicURL: `http://HOST:PORT`, where routes are served.
    ///   - unixMilliseconds: the wall clock.
    package init(
        catalog: FunctionCatalog, versions: any VersionBackend, publicURL: String, logger: Logger,
        verdictMilliseconds: Int = 10_000, unixMilliseconds: @escaping @Sendable () -> Int64
    ) {
        self.catalog = catalog
        self.versions = versions
        self.publicURL = publicURL
        self.logger = logger
        self.verdictMilliseconds = verdictMilliseconds
        clock = unixMilliseconds
        writer = FunctionWriter(functionsDirectory: catalog.configuration.functionsDirectory)
        records = LambdaRecords(stateDirectory: catalog.configuration.stateDirectory)
    }

    package func call(_ request: ServiceRequest) -> ServiceCall {
        let request = ControlRequest(request)
        let operation = ControlOperation(method: request.method, path: request.path)
        return ServiceCall(needed: operation?.scope) { await respond(to: request, operation) }
    }

    private func respond(to request: ControlRequest, _ operation: ControlOperation?) async -> ServiceResponse {
        do throws(LambdaControlError) {
            guard let operation else {
                throw LambdaControlError(
                    .unknownOperation, "Glo has no operation \(request.method) /\(request.path.joined(separator: "/"))")
            }
            return try await perform(operation, request)
        } catch {
            if error.code == .service {
                logger.error("The management API failed", metadata: ["reason": "\(error.message)"])
            }
            return error.response
        }
    }

    // MARK: Answers

    static func answer(_ status: Int, _ body: ServiceJSON) -> ServiceResponse {
        ServiceResponse(
            status: status, fields: HTTPFields([("Content-Type", "application/json")]), body: body.bytes)
    }

    static let nothing = ServiceResponse(status: 204)

    // MARK: Functions

    /// What lies in the functions directory under a name.
    ///
    /// - Throws: `ResourceNotFoundException` when nothing does.
    func view(_ target: ControlTarget) async throws(LambdaControlError) -> FunctionView {
        guard let name = FunctionName(target.name), let entry = await catalog.entry(name) else {
            throw .functionNotFound(target.name, qualifier: target.qualifier)
        }
        return try await view(name, entry)
    }

    func view(_ name: FunctionName, _ entry: CatalogEntry) async throws(LambdaControlError) -> FunctionView {
        let source: FunctionSource?
        do throws(FunctionWriteError) {
            source = try FunctionSource.read(entry.file, in: writer.functionsDirectory)
        } catch {
            throw LambdaControlError(error, function: name.rawValue)
        }
        guard let source else { throw .functionNotFound(name.rawValue) }
        let document = (try? ManifestEditor(source.manifestText ?? "")) ?? .empty
        let parsed = ManifestEditor.parse(source.manifestText ?? "")
        let newest = entry.candidate ?? entry.current
        let isKnown = parsed.problems.isEmpty || newest == nil
        return FunctionView(
            name: name, entry: entry, source: source, record: try await records.read(name), document: document,
            manifest: isKnown ? parsed.manifest : newest?.manifest ?? Manifest(), digest: await digest(entry, newest))
    }

    /// Of what lies in the directory: while that is no version, or not yet, its files are read where they are.
    private func digest(_ entry: CatalogEntry, _ newest: FunctionVersion?) async -> CodeDigest? {
        if let newest, entry.state == .active || entry.state == .starting || entry.state == .failed {
            return await digests.digest(of: newest)
        }
        return await digests.digest(path: "\(writer.functionsDirectory)/\(entry.file)")
    }

    /// Waits until the catalogue has said what it makes of a change, and no longer than an answer may take.
    func verdict(on name: FunctionName, file: String) async {
        await catalog.look(at: file, isWhole: true)
        let clock = ContinuousClock()
        let deadline = clock.now + .milliseconds(verdictMilliseconds)
        while clock.now < deadline, !Task.isCancelled {
            let state = await catalog.entry(name)?.state
            if state != .copying && state != .starting { return }
            try? await clock.sleep(for: .milliseconds(20))
        }
    }

    /// Changes the manifest of a function, and waits for the verdict.
    ///
    /// - Returns: the function as it is then.
    @discardableResult
    func edit(
        _ view: FunctionView, record: (@Sendable (inout LambdaRecord) throws(LambdaControlError) -> Void)? = nil,
        _ change: @escaping @Sendable (inout ManifestEditor) throws(FunctionWriteError) -> Void
    ) async throws(LambdaControlError) -> FunctionView {
        let isChanged: Bool
        do throws(FunctionWriteError) {
            isChanged = try await writer.edit(view.name, entry: view.entry.file, change)
        } catch {
            throw LambdaControlError(error, function: view.name.rawValue)
        }
        if let record {
            try await records.update(view.name, record)
        } else if isChanged {
            try await records.update(view.name) { (_) throws(LambdaControlError) in }
        }
        if isChanged {
            await verdict(on: view.name, file: view.source.isDirectory ? view.entry.file : view.name.rawValue)
            if !view.source.isDirectory && view.entry.file != view.name.rawValue {
                await verdict(on: view.name, file: view.entry.file)
            }
        }
        return try await self.view(ControlTarget(view.name.rawValue))
    }
}
