import AdminModel
import FunctionCatalog
import FunctionModel

extension LambdaControl {
    // MARK: PublishVersion, ListVersionsByFunction

    func publishVersion(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await latest(target)
        var members = try request.members()
        let expected = try members.text("CodeSha256")
        let description = try members.text("Description")
        try Self.check(try members.text("RevisionId"), view.revision)
        try members.refuse(["PublishTo": "versions are published by number"])
        try members.end()
        let actual = view.code(view.digest).sha256
        if let expected, !expected.isEmpty, expected != actual {
            throw .invalid(
                "CodeSHA256 (\(expected)) is different from current CodeSHA256 in $LATEST (\(actual)). "
                    + "Please try again with the CodeSHA256 in $LATEST.")
        }
        return Self.answer(201, try await publish(view, description: description))
    }

    /// Gives the version that serves a number, once the newest files do serve.
    func publish(_ view: FunctionView, description: String?) async throws(LambdaControlError) -> ServiceJSON {
        guard view.entry.state == .active else {
            throw LambdaControlError(
                .resourceConflict,
                "The operation cannot be performed at this time. The function is currently in the following state: "
                    + LambdaState(view.entry).updateStatus)
        }
        let published: PublishedVersion
        do throws(AdminError) {
            published = try await versions.publish(view.name, description: description)
        } catch {
            throw LambdaControlError(error)
        }
        return try await publishedConfiguration(view, String(published.number))
    }

    func listVersions(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await view(target)
        let all = [view.configuration(isQualified: true)] + (try await publishedConfigurations(view))
        let (page, marker) = try Self.page(all, request) { $0["Version"]?.text ?? "" }
        return Self.answer(200, .members([("Versions", .list(page)), ("NextMarker", marker)]))
    }

    // MARK: What is published

    func published(_ name: FunctionName) async throws(LambdaControlError) -> [PublishedVersion] {
        do throws(AdminError) {
            return try await versions.publishedVersions(of: name)
        } catch {
            throw LambdaControlError(error)
        }
    }

    /// What a number or an alias means; of an alias the main version.
    private func publishedVersion(_ view: FunctionView, _ qualifier: String) async throws(LambdaControlError)
        -> (published: PublishedVersion, version: FunctionVersion)
    {
        let all = try await published(view.name)
        var wanted = all.first { String($0.number) == qualifier }
        if wanted == nil, let alias = try await aliases(view.name).first(where: { $0.name == qualifier }) {
            wanted = all.first { $0.version == alias.shares.first?.version }
        }
        guard let wanted, let version = await stored(view.name)[wanted.version] else {
            throw .functionNotFound(view.name.rawValue, qualifier: qualifier)
        }
        return (wanted, version)
    }

    /// Where the files of a number, or of the main version of an alias, lie.
    func publishedFiles(_ view: FunctionView, _ qualifier: String) async throws(LambdaControlError) -> String {
        try await publishedVersion(view, qualifier).version.filesPath
    }

    /// The configuration of a number, or of the main version of an alias.
    func publishedConfiguration(_ view: FunctionView, _ qualifier: String) async throws(LambdaControlError)
        -> ServiceJSON
    {
        let (published, version) = try await publishedVersion(view, qualifier)
        var configuration = view.configuration(published, version, await digests.digest(of: version)).object ?? [:]
        // Who names an alias gets its ARN.
        configuration["FunctionArn"] = .text(LambdaARN.function(view.name.rawValue, qualifier: qualifier))
        return .object(configuration)
    }

    func publishedConfigurations(_ view: FunctionView) async throws(LambdaControlError) -> [ServiceJSON] {
        let stored = await stored(view.name)
        var configurations: [ServiceJSON] = []
        for published in try await published(view.name) {
            guard let version = stored[published.version] else { continue }
            configurations.append(view.configuration(published, version, await digests.digest(of: version)))
        }
        return configurations
    }

    private func stored(_ name: FunctionName) async -> [Int: FunctionVersion] {
        let versions = (try? await catalog.versions(of: name)) ?? []
        return Dictionary(versions.map { ($0.number, $0) }, uniquingKeysWith: { $1 })
    }

    /// DeleteFunction with a qualifier.
    func deleteVersion(_ view: FunctionView, _ qualifier: String) async throws(LambdaControlError) -> ServiceResponse {
        guard qualifier != "$LATEST" else {
            throw .invalid("$LATEST version cannot be deleted without deleting the function.")
        }
        guard let number = Int(qualifier) else {
            throw .invalid("Deletion of aliases is not currently supported.")
        }
        let all = try await published(view.name)
        // As with Lambda it is no error when there is no such version.
        guard all.contains(where: { $0.number == number }) else { return Self.nothing }
        do throws(AdminError) {
            try await versions.unpublish(view.name, number: number)
        } catch {
            throw LambdaControlError(error)
        }
        return Self.nothing
    }
}
