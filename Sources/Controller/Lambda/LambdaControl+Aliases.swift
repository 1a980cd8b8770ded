import AdminModel
import FunctionModel

extension LambdaControl {
    func createAlias(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await latest(target)
        var members = try request.members()
        guard let name = try members.text("Name") else { throw .constraint("null", "name", "not be null") }
        guard VersionAlias.isName(name) else {
            throw .constraint(name, "name", "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)")
        }
        guard let version = try members.text("FunctionVersion") else {
            throw .constraint("null", "functionVersion", "not be null")
        }
        guard try await !aliases(view.name).contains(where: { $0.name == name }) else {
            let arn = LambdaARN.function(view.name.rawValue, qualifier: name)
            throw LambdaControlError(.resourceConflict, "Alias already exists: \(arn)")
        }
        let description = try members.text("Description")
        let weights = try Self.weights(&members)
        try members.end()
        let shares = try await shares(view.name, version: version, weights: weights ?? [:])
        let alias = AliasInfo(name: name, shares: shares, description: description, revision: "")
        return Self.answer(201, try await set(alias, view.name))
    }

    func updateAlias(_ target: ControlTarget, _ name: String, _ request: ControlRequest)
        async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await latest(target)
        var alias = try await alias(name, view.name)
        var members = try request.members()
        try Self.check(try members.text("RevisionId"), alias.revision)
        let version = try members.text("FunctionVersion")
        if let description = try members.text("Description") {
            alias.description = description.isEmpty ? nil : description
        }
        let weights = try Self.weights(&members)
        try members.end()
        if version != nil || weights != nil {
            let all = try await published(view.name)
            let numbers = alias.shares.map { share in all.first { $0.version == share.version }?.number }
            let main = version ?? numbers.first.flatMap { $0 }.map { String($0) } ?? ""
            // What is not said of weights stays: moving the main version alone does not end a canary.
            var kept: [String: Double] = [:]
            for (share, number) in zip(alias.shares, numbers).dropFirst() {
                if let number, String(number) != main { kept[String(number)] = share.weight }
            }
            alias.shares = try await shares(view.name, version: main, weights: weights ?? kept)
        }
        return Self.answer(200, try await set(alias, view.name))
    }

    func getAlias(_ target: ControlTarget, _ name: String) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await view(target)
        return Self.answer(200, try await document(try await alias(name, view.name), view.name))
    }

    func listAliases(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await view(target)
        var all = try await aliases(view.name)
        if let version = request.parameter("FunctionVersion") {
            let wanted = try await published(view.name).first { String($0.number) == version }?.version
            all.removeAll { alias in !alias.shares.contains { $0.version == wanted } }
        }
        let (page, marker) = try Self.page(all, request) { $0.name }
        var documents: [ServiceJSON] = []
        for alias in page { documents.append(try await document(alias, view.name)) }
        return Self.answer(200, .members([("Aliases", .list(documents)), ("NextMarker", marker)]))
    }

    /// As with AWS it is no error when there is no such alias.
    func deleteAlias(_ target: ControlTarget, _ name: String) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await view(target)
        guard try await aliases(view.name).contains(where: { $0.name == name }) else { return Self.nothing }
        do throws(AdminError) {
            try await versions.removeAlias(name, of: view.name)
        } catch {
            throw LambdaControlError(error)
        }
        return Self.nothing
    }

    // MARK: Internals

    func aliases(_ name: FunctionName) async throws(LambdaControlError) -> [AliasInfo] {
        do throws(AdminError) {
            return try await versions.aliases(of: name)
        } catch {
            throw LambdaControlError(error)
        }
    }

    func alias(_ alias: String, _ name: FunctionName) async throws(LambdaControlError) -> AliasInfo {
        guard let found = try await aliases(name).first(where: { $0.name == alias }) else {
            let arn = LambdaARN.function(name.rawValue, qualifier: alias)
            throw LambdaControlError(.resourceNotFound, "Cannot find alias arn: \(arn)")
        }
        return found
    }

    func set(_ alias: AliasInfo, _ name: FunctionName) async throws(LambdaControlError) -> ServiceJSON {
        let after: AliasInfo
        do throws(AdminError) {
            after = try await versions.setAlias(alias, of: name)
        } catch {
            throw LambdaControlError(error)
        }
        return try await document(after, name)
    }

    /// Published numbers become Glo's, the main version first.
    private func shares(_ name: FunctionName, version: String, weights: [String: Double])
        async throws(LambdaControlError) -> [AliasInfo.Share]
    {
        let all = try await published(name)
        func number(_ text: String) throws(LambdaControlError) -> Int {
            guard text != "$LATEST" else {
                throw .unsupported("An alias of $LATEST", "publish a version and name that")
            }
            guard let found = all.first(where: { String($0.number) == text }) else {
                throw .functionNotFound(name.rawValue, qualifier: text)
            }
            return found.version
        }
        let main = try number(version)
        var shares: [AliasInfo.Share] = []
        for (version, weight) in weights.sorted(by: { $0.key < $1.key }) where weight > 0 {
            let share = AliasInfo.Share(version: try number(version), weight: weight)
            guard share.version != main else {
                throw .invalid("Invalid function version \(version). Function version \(version) is already included.")
            }
            shares.append(share)
        }
        return [AliasInfo.Share(version: main, weight: 1 - shares.reduce(0) { $0 + $1.weight })] + shares
    }

    /// Nil when the request says nothing of them; empty takes them away.
    private static func weights(_ members: inout ControlMembers) throws(LambdaControlError) -> [String: Double]? {
        guard var routing = try members.object("RoutingConfig") else { return nil }
        let given = routing.raw("AdditionalVersionWeights")?.object ?? [:]
        try routing.end()
        guard given.count <= 1 else {
            throw .invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
        }
        var weights: [String: Double] = [:]
        for (version, value) in given {
            guard let weight = value.double, (0...1).contains(weight) else {
                throw .constraint(value.string, "routingConfig.additionalVersionWeights", "be between 0.0 and 1.0")
            }
            guard weight < 1 else {
                throw .unsupported("A weight of 1.0", "it leaves nothing to FunctionVersion; name that version itself")
            }
            weights[version] = weight
        }
        return weights
    }

    private func document(_ alias: AliasInfo, _ name: FunctionName) async throws(LambdaControlError) -> ServiceJSON {
        let all = try await published(name)
        func number(_ version: Int) -> String {
            all.first { $0.version == version }.map { String($0.number) } ?? "$LATEST"
        }
        let weights = alias.shares.dropFirst().map { (number($0.version), ServiceJSON.number($0.weight)) }
        let routing: ServiceJSON? =
            weights.isEmpty ? nil : .members([("AdditionalVersionWeights", .members(weights.map { ($0, $1) }))])
        return .members([
            ("AliasArn", .text(LambdaARN.function(name.rawValue, qualifier: alias.name))), ("Name", .text(alias.name)),
            ("FunctionVersion", .text(alias.shares.first.map { number($0.version) } ?? "$LATEST")),
            ("Description", .text(alias.description ?? "")), ("RevisionId", .text(alias.revision)),
            ("RoutingConfig", routing),
        ])
    }
}
