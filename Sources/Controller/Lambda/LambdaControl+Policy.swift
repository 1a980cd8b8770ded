import FunctionModel

/// Resource policies. They are kept for the clients that write them; who may call is decided by access keys alone.
extension LambdaControl {
    func addPermission(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await qualified(target)
        var members = try request.members()
        try Self.check(try members.text("RevisionId"), view.revision)
        let id = try Self.needed("StatementId", &members)
        guard id.utf8.count <= 100, id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .constraint(id, "statementId", "satisfy regular expression pattern: ([a-zA-Z0-9-_]+)")
        }
        let action = try Self.needed("Action", &members)
        guard Self.isAction(action) else {
            throw .constraint(action, "action", "satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])")
        }
        let principal = try Self.needed("Principal", &members)
        let statement = ServiceJSON.members([
            ("Sid", .text(id)), ("Effect", "Allow"), ("Principal", Self.principal(principal)),
            ("Action", .text(action)),
            ("Resource", .text(LambdaARN.function(view.name.rawValue, qualifier: target.qualifier))),
            ("Condition", try Self.condition(&members)),
        ])
        try members.end()
        let new = LambdaRecord.Statement(id: id, qualifier: target.qualifier, json: statement.string)
        try await records.update(view.name) { (record) throws(LambdaControlError) in
            guard !record.statements.contains(where: { $0.id == id && $0.qualifier == new.qualifier }) else {
                throw LambdaControlError(
                    .resourceConflict,
                    "The statement id (\(id)) provided already exists. Please provide a new statement id, or remove the "
                        + "existing statement.")
            }
            record.statements.append(new)
        }
        return Self.answer(201, .members([("Statement", .text(new.json))]))
    }

    func getPolicy(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let view = try await qualified(target)
        let statements = view.record.statements.filter { $0.qualifier == target.qualifier }
        guard !statements.isEmpty else {
            throw LambdaControlError(.resourceNotFound, "The resource you requested does not exist.")
        }
        let all = statements.map(\.json).joined(separator: ",")
        let policy = "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[\(all)]}"
        return Self.answer(200, .members([("Policy", .text(policy)), ("RevisionId", .text(view.revision))]))
    }

    func removePermission(_ target: ControlTarget, _ id: String, _ request: ControlRequest)
        async throws(LambdaControlError) -> ServiceResponse
    {
        let view = try await qualified(target)
        try Self.check(request.parameter("RevisionId"), view.revision)
        let qualifier = target.qualifier
        try await records.update(view.name) { (record) throws(LambdaControlError) in
            guard record.statements.contains(where: { $0.qualifier == qualifier }) else {
                throw LambdaControlError(.resourceNotFound, "No policy is associated with the given resource.")
            }
            guard let index = record.statements.firstIndex(where: { $0.id == id && $0.qualifier == qualifier }) else {
                throw LambdaControlError(.resourceNotFound, "Statement \(id) is not found in resource policy.")
            }
            record.statements.remove(at: index)
        }
        return Self.nothing
    }

    private static func isAction(_ text: String) -> Bool {
        if text == "*" || text == "lambda:*" { return true }
        guard text.hasPrefix("lambda:"), text.utf8.count > 7 else { return false }
        return text.utf8.dropFirst(7).allSatisfy { (65...90).contains($0) || (97...122).contains($0) }
    }

    /// The function, when it has the version or alias that the policy is for.
    private func qualified(_ target: ControlTarget) async throws(LambdaControlError) -> FunctionView {
        let view = try await view(target)
        if let qualifier = target.published { _ = try await publishedConfiguration(view, qualifier) }
        return view
    }

    private static func needed(_ name: String, _ members: inout ControlMembers) throws(LambdaControlError)
        -> String
    {
        guard let text = try members.text(name), !text.isEmpty else {
            throw .constraint("null", name.prefix(1).lowercased() + name.dropFirst(), "not be null")
        }
        return text
    }

    private static func principal(_ principal: String) -> ServiceJSON {
        if principal == "*" { return "*" }
        if principal.hasPrefix("arn:") { return .members([("AWS", .text(principal))]) }
        if principal.utf8.count == 12, principal.utf8.allSatisfy({ (48...57).contains($0) }) {
            return .members([("AWS", .text("arn:aws:iam::\(principal):root"))])
        }
        return .members([("Service", .text(principal))])
    }

    private static func condition(_ members: inout ControlMembers) throws(LambdaControlError) -> ServiceJSON? {
        var equals: [String: String] = [:]
        for (member, key) in [
            ("SourceAccount", "AWS:SourceAccount"), ("PrincipalOrgID", "aws:PrincipalOrgID"),
            ("EventSourceToken", "lambda:EventSourceToken"), ("FunctionUrlAuthType", "lambda:FunctionUrlAuthType"),
        ] {
            if let text = try members.text(member) { equals[key] = text }
        }
        var booleans: [String: String] = [:]
        if let flag = try members.flag("InvokedViaFunctionUrl") {
            booleans["lambda:InvokedViaFunctionUrl"] = flag ? "true" : "false"
        }
        let source = try members.text("SourceArn")
        guard source != nil || !equals.isEmpty || !booleans.isEmpty else { return nil }
        return .members([
            ("StringEquals", equals.isEmpty ? nil : .texts(equals)),
            ("Bool", booleans.isEmpty ? nil : .texts(booleans)),
            ("ArnLike", source.map { .members([("AWS:SourceArn", .text($0))]) }),
        ])
    }
}
