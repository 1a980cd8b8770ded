import AdminModel
import FunctionCatalog
import FunctionModel

/// Function URLs: routes below `/_url/`.
extension LambdaControl {
    func createURL(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let (view, key) = try await urlView(target)
        guard TriggerList(view.document, view.name).url(key) == nil else {
            throw LambdaControlError(
                .resourceConflict,
                "Failed to create function url config for [functionArn = \(Self.arn(view, target))]. Error message:  "
                    + "FunctionUrlConfig exists for this Lambda function")
        }
        let url = TriggerList.URL(key: key, alias: target.published, isSigned: false)
        let record = LambdaRecord.URL(invokeMode: "BUFFERED", createdAt: clock(), modifiedAt: clock())
        return Self.answer(201, try await change(url, record, view, target, request, isNew: true))
    }

    func updateURL(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let (view, key) = try await urlView(target)
        let url = try Self.url(view, key)
        var record = Self.record(view, target)
        record.modifiedAt = clock()
        return Self.answer(200, try await change(url, record, view, target, request, isNew: false))
    }

    func getURL(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let (view, key) = try await urlView(target)
        return Self.answer(200, document(try Self.url(view, key), view, target))
    }

    func deleteURL(_ target: ControlTarget) async throws(LambdaControlError) -> ServiceResponse {
        let (view, key) = try await urlView(target)
        _ = try Self.url(view, key)
        let qualifier = target.published ?? ""
        try await edit(
            view, record: { (record) throws(LambdaControlError) in record.urls[qualifier] = nil }
        ) { (manifest) throws(FunctionWriteError) in
            var triggers = TriggerList(manifest, view.name)
            triggers.removeURL(key)
            triggers.write(to: &manifest)
        }
        return Self.nothing
    }

    func listURLs(_ target: ControlTarget, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        let view = try await view(target)
        let triggers = TriggerList(view.document, view.name)
        var documents: [ServiceJSON] = []
        for qualifier in [nil] + (try await aliases(view.name).map { Optional($0.name) }) {
            guard let url = triggers.url(Self.key(view.name, qualifier)) else { continue }
            documents.append(document(url, view, try ControlTarget(target.name, qualifier: qualifier)))
        }
        return try Self.paged("FunctionUrlConfigs", documents, request)
    }

    // MARK: Internals

    private func urlView(_ target: ControlTarget) async throws(LambdaControlError) -> (FunctionView, String) {
        let view = try await view(target)
        if let qualifier = target.published {
            guard Int(qualifier) == nil else {
                throw .constraint(
                    qualifier, "qualifier", "satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)")
            }
            _ = try await alias(qualifier, view.name)
        }
        return (view, Self.key(view.name, target.published))
    }

    private static func key(_ name: FunctionName, _ qualifier: String?) -> String {
        qualifier.map { "\(name):\($0)" } ?? name.rawValue
    }

    private static func arn(_ view: FunctionView, _ target: ControlTarget) -> String {
        LambdaARN.function(view.name.rawValue, qualifier: target.published)
    }

    private static func url(_ view: FunctionView, _ key: String) throws(LambdaControlError) -> TriggerList.URL {
        guard let url = TriggerList(view.document, view.name).url(key) else {
            throw LambdaControlError(.resourceNotFound, "The resource you requested does not exist.")
        }
        return url
    }

    private static func record(_ view: FunctionView, _ target: ControlTarget) -> LambdaRecord.URL {
        let time = view.source.modifiedMilliseconds
        return view.record.urls[target.published ?? ""]
            ?? LambdaRecord.URL(invokeMode: "BUFFERED", createdAt: time, modifiedAt: time)
    }

    /// Reads the members and writes the routes.
    private func change(
        _ old: TriggerList.URL, _ oldRecord: LambdaRecord.URL, _ view: FunctionView, _ target: ControlTarget,
        _ request: ControlRequest, isNew: Bool
    ) async throws(LambdaControlError) -> ServiceJSON {
        var (url, record) = (old, oldRecord)
        var members = try request.members()
        let auth = try members.text("AuthType")
        guard let auth = auth ?? (isNew ? nil : url.isSigned ? "AWS_IAM" : "NONE") else {
            throw .constraint("null", "authType", "not be null")
        }
        guard auth == "NONE" || auth == "AWS_IAM" else {
            throw .constraint(auth, "authType", "satisfy enum value set: [NONE, AWS_IAM]")
        }
        url.isSigned = auth == "AWS_IAM"
        if let mode = try members.text("InvokeMode") {
            guard mode == "BUFFERED" || mode == "RESPONSE_STREAM" else {
                throw .constraint(mode, "invokeMode", "satisfy enum value set: [BUFFERED, RESPONSE_STREAM]")
            }
            record.invokeMode = mode
        }
        if var cors = try members.object("Cors") { url.cors = try Self.cors(&cors) }
        try members.end()
        let (newURL, newRecord, qualifier) = (url, record, target.published ?? "")
        let after = try await edit(
            view, record: { (record) throws(LambdaControlError) in record.urls[qualifier] = newRecord }
        ) { (manifest) throws(FunctionWriteError) in
            var triggers = TriggerList(manifest, view.name)
            triggers.set(newURL)
            triggers.write(to: &manifest)
        }
        return document(newURL, after, target)
    }

    private func document(_ url: TriggerList.URL, _ view: FunctionView, _ target: ControlTarget) -> ServiceJSON {
        let record = Self.record(view, target)
        return .members([
            ("FunctionUrl", .text("\(publicURL)\(TriggerList.urlPath(url.key))/")),
            ("FunctionArn", .text(Self.arn(view, target))), ("AuthType", url.isSigned ? "AWS_IAM" : "NONE"),
            ("Cors", url.cors.map(Self.document)), ("CreationTime", .text(FunctionView.time(record.createdAt))),
            ("LastModifiedTime", .text(FunctionView.time(record.modifiedAt))),
            ("InvokeMode", .text(record.invokeMode)),
        ])
    }

    // MARK: CORS

    private static let corsLists = [
        ("AllowOrigins", "origins"), ("AllowMethods", "methods"), ("AllowHeaders", "headers"),
        ("ExposeHeaders", "exposeHeaders"),
    ]

    /// Nil when it allows nothing.
    private static func cors(_ members: inout ControlMembers) throws(LambdaControlError) -> ManifestValue? {
        var cors = ManifestValue.mapping([])
        for (member, key) in corsLists {
            guard let texts = try members.texts(member), !texts.isEmpty else { continue }
            cors[key] = .list(texts.map(ManifestValue.text))
        }
        if try members.flag("AllowCredentials") == true { cors["credentials"] = .truth(true) }
        if let age = try members.integer("MaxAge", in: 0...86_400), age > 0 { cors["maxAge"] = .word("\(age)s") }
        try members.end()
        guard cors.members?.isEmpty == false else { return nil }
        guard cors["origins"] != nil else {
            throw .invalid("Cors.AllowOrigins is needed: nobody is allowed without it")
        }
        return cors
    }

    private static func document(_ cors: ManifestValue) -> ServiceJSON {
        var members: [(String, ServiceJSON?)] = corsLists.map { member, key in
            let texts = cors[key]?.items?.compactMap(\.string) ?? cors[key]?.string.map { [$0] }
            return (member, texts.map { .list($0.map(ServiceJSON.text)) })
        }
        members.append(("AllowCredentials", cors["credentials"].map { .truth($0.string == "true") }))
        let age = cors["maxAge"]?.string.flatMap { ManifestEditor.milliseconds($0) }
        members.append(("MaxAge", age.map { .integer($0 / 1000) }))
        return .members(members)
    }
}
