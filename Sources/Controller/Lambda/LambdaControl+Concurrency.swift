import AdminModel
import FunctionCatalog
import FunctionModel

extension LambdaControl {
    // MARK: Reserved concurrency: `workers.max` with `workers.queue: 0`

    /// What the manifest reserves; nil when callers wait for a worker, as they do with Glo by default.
    static func reservedConcurrency(_ manifest: ManifestEditor) -> Int? {
        guard manifest["workers", "queue"]?.string == "0",
            let most = manifest["workers", "max"]?.string.flatMap({ Int($0) })
        else { return nil }
        return most * (manifest["workers", "concurrency"]?.string.flatMap { Int($0) } ?? 1)
    }

    func putConcurrency(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await latest(target)
        var members = try request.members()
        guard let number = try members.integer("ReservedConcurrentExecutions", in: 0...Int.max) else {
            throw .constraint("null", "reservedConcurrentExecutions", "not be null")
        }
        try members.end()
        let each = view.manifest.workers.concurrency
        guard number % each == 0, number / each <= 1000 else {
            throw .invalid(
                "ReservedConcurrentExecutions: a worker of this function runs \(each) at once and there may be 1000 of "
                    + "them, so it is a multiple of \(each) up to \(1000 * each)")
        }
        try await edit(view) { (manifest) throws(FunctionWriteError) in
            manifest["workers", "max"] = .number(number / each)
            manifest["workers", "queue"] = .number(0)
            if view.manifest.workers.min > number / each { manifest["workers", "min"] = .number(number / each) }
        }
        return Self.answer(200, .members([("ReservedConcurrentExecutions", .integer(number))]))
    }

    func getConcurrency(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let number = Self.reservedConcurrency(try await view(target).document)
        return Self.answer(200, .members([("ReservedConcurrentExecutions", number.map(ServiceJSON.integer))]))
    }

    func deleteConcurrency(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await latest(target)
        guard Self.reservedConcurrency(view.document) != nil else { return Self.nothing }
        try await edit(view) { (manifest) throws(FunctionWriteError) in
            manifest["workers", "max"] = nil
            manifest["workers", "queue"] = nil
        }
        return Self.nothing
    }

    // MARK: Provisioned concurrency: `workers.min`

    /// Keeps workers of what an alias names warm: `workers.min` is part of a version, so the alias goes to a new one
    /// that differs in nothing else.
    func putProvisioned(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        var members = try request.members()
        guard let number = try members.integer("ProvisionedConcurrentExecutions", in: 1...1000) else {
            throw .constraint("null", "provisionedConcurrentExecutions", "not be null")
        }
        try members.end()
        let (view, alias) = try await provisionable(target)
        let after = try await edit(view) { (manifest) throws(FunctionWriteError) in
            manifest["workers", "min"] = .number(number)
        }
        try await move(alias, of: view, to: after)
        return Self.answer(202, Self.provisioned(after, number))
    }

    func getProvisioned(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await view(target)
        guard request.parameter("List") == nil else { return try await listProvisioned(view, request) }
        guard let qualifier = target.published else { throw Self.unpublished }
        let alias = try await alias(qualifier, view.name)
        guard let number = try await provisionedNumber(alias, view) else {
            throw LambdaControlError(
                .provisionedNotFound, "No Provisioned Concurrency Config found for this function")
        }
        return Self.answer(200, Self.provisioned(view, number))
    }

    private func listProvisioned(_ view: FunctionView, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        var documents: [ServiceJSON] = []
        for alias in try await aliases(view.name) {
            guard let number = try await provisionedNumber(alias, view) else { continue }
            var members = Self.provisioned(view, number).object ?? [:]
            members["FunctionArn"] = .text(LambdaARN.function(view.name.rawValue, qualifier: alias.name))
            documents.append(.object(members))
        }
        return try Self.paged("ProvisionedConcurrencyConfigs", documents, request)
    }

    func deleteProvisioned(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let (view, alias) = try await provisionable(target)
        let after = try await edit(view) { (manifest) throws(FunctionWriteError) in manifest["workers", "min"] = nil }
        try await move(alias, of: view, to: after)
        return Self.nothing
    }

    private static let unpublished = LambdaControlError(
        .invalidParameter,
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions; $LATEST has `workers.min` "
            + "in function.yaml.")

    private func provisionable(_ target: ControlTarget) async throws(LambdaControlError) -> (FunctionView, AliasInfo) {
        let view = try await view(target)
        guard let qualifier = target.published else { throw Self.unpublished }
        guard Int(qualifier) == nil else {
            throw .unsupported(
                "Provisioned concurrency of a version number", "a version never changes; give it to an alias")
        }
        let alias = try await alias(qualifier, view.name)
        guard alias.shares.count == 1, alias.shares[0].version == view.entry.current?.number,
            view.entry.state == .active
        else {
            throw .invalid(
                "The alias \(qualifier) does not name what lies in the functions directory alone; point it to the newest "
                    + "version first, or write `workers.min` into function.yaml and publish that.")
        }
        return (view, alias)
    }

    private func provisionedNumber(_ alias: AliasInfo, _ view: FunctionView) async throws(LambdaControlError) -> Int? {
        let versions = (try? await catalog.versions(of: view.name)) ?? []
        let named = versions.first { $0.number == alias.shares.first?.version }
        return named.flatMap { $0.manifest.workers.min > 0 ? $0.manifest.workers.min : nil }
    }

    private func move(_ alias: AliasInfo, of view: FunctionView, to after: FunctionView)
        async throws(LambdaControlError)
    {
        guard after.entry.state == .active, let version = after.entry.current?.number else {
            throw LambdaControlError(
                .resourceConflict, "The version with other `workers.min` does not serve yet; the alias was not moved.")
        }
        var alias = alias
        alias.shares = [AliasInfo.Share(version: version, weight: 1)]
        _ = try await set(alias, view.name)
    }

    private static func provisioned(_ view: FunctionView, _ number: Int) -> ServiceJSON {
        .members([
            ("RequestedProvisionedConcurrentExecutions", .integer(number)),
            ("AvailableProvisionedConcurrentExecutions", .integer(number)),
            ("AllocatedProvisionedConcurrentExecutions", .integer(number)), ("Status", "READY"),
            ("LastModified", .text(FunctionView.time(view.source.modifiedMilliseconds))),
        ])
    }
}
