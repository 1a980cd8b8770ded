import FoundationEssentials
import FunctionCatalog
import FunctionModel
import ZipArchive

extension LambdaControl {
    // MARK: CreateFunction

    func createFunction(_ request: ControlRequest) async throws(LambdaControlError) -> ServiceResponse {
        var members = try request.members()
        guard let given = try members.text("FunctionName") else {
            throw .constraint("null", "functionName", "not be null")
        }
        let target = try ControlTarget(given)
        guard target.qualifier == nil else { throw .invalid("A new function's name has no qualifier.") }
        guard let name = FunctionName(target.name) else {
            throw .invalid("Glo cannot hold a function named '\(target.name)': \(FunctionName.rule)")
        }
        try checkArchitectures(&members)
        let packageType = try members.text("PackageType")
        let tags = try members.table("Tags") ?? [:]
        try Self.check(tags)
        let publishes = try members.flag("Publish") ?? false
        var settings = try LambdaSettings(&members, isNew: true)
        if let packageType, packageType != "Zip" {
            throw .unsupported("PackageType \(packageType)", "container images are named with `image` in function.yaml")
        }
        guard var place = try members.object("Code") else { throw .constraint("null", "code", "not be null") }
        let code = try UploadedCode(&place)
        try place.end()
        try members.end()
        settings.fillDefaults()
        try await create(name, settings, code, tags)
        let view = try await self.view(target)
        guard publishes, view.entry.state == .active else { return Self.answer(201, view.configuration()) }
        var configuration = try await publish(view, description: nil).object ?? [:]
        // As Lambda does, which tells the number and the function's own ARN.
        configuration["FunctionArn"] = .text(LambdaARN.function(name.rawValue))
        return Self.answer(201, .object(configuration))
    }

    private func create(
        _ name: FunctionName, _ settings: LambdaSettings, _ code: UploadedCode, _ tags: [String: String]
    ) async throws(LambdaControlError) {
        guard await catalog.entry(name) == nil else {
            throw LambdaControlError(.resourceConflict, "Function already exist: \(name)")
        }
        let base = try code.manifest()
        do throws(FunctionWriteError) {
            var editor = try ManifestEditor(base ?? "# Made through Lambda's API; edit it here or there.\n")
            try settings.apply(to: &editor)
            let manifest = try editor.text()
            try FunctionWriter.validate(manifest)
            try await writer.create(name) { (draft) throws(FunctionWriteError) in
                try code.write(to: draft)
                try FunctionWriter.write(manifest, to: "\(draft)/\(UploadedCode.manifestName)")
            }
        } catch {
            throw LambdaControlError(error, function: name.rawValue)
        }
        // What was known of an earlier function of this name is not known of this one.
        await records.remove(name)
        try await note(code, of: name) { record in
            record.role = settings.role
            record.logGroup = settings.logGroup
            record.tags = tags
        }
        await verdict(on: name, file: name.rawValue)
    }

    /// Remembers which archive the files in the directory came from.
    private func note(
        _ code: UploadedCode, of name: FunctionName,
        _ change: @escaping @Sendable (inout LambdaRecord) -> Void = { _ in }
    ) async throws(LambdaControlError) {
        let digest = await digests.digest(path: "\(writer.functionsDirectory)/\(name)")
        try await records.update(name) { (record) throws(LambdaControlError) in
            change(&record)
            guard let digest else { return }
            record.add(
                LambdaRecord.Upload(files: digest.hexadecimal, sha256: code.sha256, size: code.package.archiveSize))
        }
    }

    private func checkArchitectures(_ members: inout ControlMembers) throws(LambdaControlError) {
        guard let architectures = try members.texts("Architectures") else { return }
        guard architectures.allSatisfy({ ["x86_64", "arm64"].contains($0) }) else {
            let list = architectures.map { "'\($0)'" }.joined(separator: ", ")
            throw .constraint(
                "[\(list)]", "architectures",
                "satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]")
        }
        guard architectures == [Self.architecture] else {
            throw .invalid(
                "Architectures: this machine is \(Self.architecture), so code for \(architectures) cannot run on it")
        }
    }

    // MARK: GetFunction, GetFunctionConfiguration, ListFunctions

    func getFunction(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await view(target)
        let configuration = try await configuration(target, view)
        var place = "\(writer.functionsDirectory)/\(view.entry.file)"
        if let qualifier = target.published { place = try await publishedFiles(view, qualifier) }
        let reserved = Self.reservedConcurrency(view.document).map { number -> ServiceJSON in
            .members([("ReservedConcurrentExecutions", .integer(number))])
        }
        return Self.answer(
            200,
            .members([
                ("Configuration", configuration),
                ("Code", .members([("RepositoryType", "File"), ("Location", .text("file://\(place)"))])),
                ("Tags", view.record.tags.isEmpty ? nil : .texts(view.record.tags)), ("Concurrency", reserved),
            ]))
    }

    func configuration(_ target: ControlTarget, _ known: FunctionView? = nil) async throws(LambdaControlError)
        -> ServiceJSON
    {
        let view = if let known { known } else { try await view(target) }
        guard let qualifier = target.published else {
            return view.configuration(isQualified: target.qualifier != nil)
        }
        return try await publishedConfiguration(view, qualifier)
    }

    func listFunctions(_ request: ControlRequest) async throws(LambdaControlError) -> ServiceResponse {
        let versions = request.parameter("FunctionVersion")
        guard versions == nil || versions == "ALL" else {
            throw .constraint(versions ?? "", "functionVersion", "satisfy enum value set: [ALL]")
        }
        if let region = request.parameter("MasterRegion"), region != "ALL" {
            throw .unsupported("MasterRegion \(region)", "no function is a replica of another one")
        }
        let listsVersions = versions != nil
        let entries = await catalog.list().filter { FunctionName($0.name) != nil }
        let (page, marker) = try Self.page(entries, request) { $0.name }
        var functions: [ServiceJSON] = []
        for entry in page {
            // One that goes away meanwhile is not in the list.
            guard let name = FunctionName(entry.name), let view = try? await view(name, entry) else { continue }
            functions.append(view.configuration(isQualified: listsVersions))
            if listsVersions { functions += (try? await publishedConfigurations(view)) ?? [] }
        }
        return Self.answer(200, .members([("Functions", .list(functions)), ("NextMarker", marker)]))
    }

    // MARK: UpdateFunctionCode, UpdateFunctionConfiguration

    func updateCode(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await latest(target)
        var members = try request.members()
        try checkArchitectures(&members)
        try Self.check(try members.text("RevisionId"), view.revision)
        let publishes = try members.flag("Publish") ?? false
        let isDry = try members.flag("DryRun") ?? false
        try members.refuse(["PublishTo": "versions are published by number"])
        let code = try UploadedCode(&members)
        try members.end()
        guard !isDry else { return Self.answer(200, Self.dry(view, code)) }
        do throws(FunctionWriteError) {
            try await writer.replace(view.name, entry: view.entry.file) { (draft) throws(FunctionWriteError) in
                try code.write(to: draft)
            }
        } catch {
            throw LambdaControlError(error, function: target.name)
        }
        try await note(code, of: view.name)
        await verdict(on: view.name, file: view.name.rawValue)
        let after = try await self.view(target)
        guard publishes, after.entry.state == .active else { return Self.answer(200, after.configuration()) }
        return Self.answer(200, try await publish(after, description: nil))
    }

    private static func dry(_ view: FunctionView, _ code: UploadedCode) -> ServiceJSON {
        var members = view.configuration().object ?? [:]
        members["CodeSha256"] = .text(code.sha256)
        members["CodeSize"] = .integer(code.package.archiveSize)
        return .object(members)
    }

    func updateConfiguration(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await latest(target)
        var members = try request.members()
        try Self.check(try members.text("RevisionId"), view.revision)
        let settings = try LambdaSettings(&members, isNew: false)
        try members.end()
        let remember = { @Sendable (record: inout LambdaRecord) throws(LambdaControlError) -> Void in
            record.role = settings.role ?? record.role
            record.logGroup = settings.logGroup ?? record.logGroup
        }
        let isRecorded = settings.role != nil || settings.logGroup != nil
        let after = try await edit(view, record: isRecorded ? remember : nil) {
            (manifest) throws(FunctionWriteError) in try settings.apply(to: &manifest)
        }
        return Self.answer(200, after.configuration())
    }

    // MARK: DeleteFunction

    func deleteFunction(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await view(target)
        if let qualifier = target.qualifier { return try await deleteVersion(view, qualifier) }
        do throws(FunctionWriteError) {
            try await writer.remove(view.entry.file)
        } catch {
            throw LambdaControlError(error, function: target.name)
        }
        await records.remove(view.name)
        await verdict(on: view.name, file: view.entry.file)
        return Self.nothing
    }

    // MARK: Internals

    /// A function that shall be changed, which only what lies in the directory can be.
    func latest(_ target: ControlTarget) async throws(LambdaControlError) -> FunctionView {
        let view = try await view(target)
        guard target.published == nil else {
            throw .invalid("Only $LATEST can be changed; a published version and what an alias names cannot.")
        }
        return view
    }

    static func check(_ revision: String?, _ current: String) throws(LambdaControlError) {
        if let revision, revision != current { throw .wrongRevision }
    }
}
