/// Tells of a route of a SAM template whether it is open. What protects it may stand at the event, at its API, in the
/// globals, in the API's definition or in another resource; where that cannot be told, the route counts as protected.
///
/// Source: the SAM specification, "AWS::Serverless::Api", "AWS::Serverless::HttpApi", "ApiAuth" and "HttpApiAuth".
struct SAMProtection {
    private let root: DocumentValue
    private let files: FilesBeside
    /// What in the template may protect any route.
    private let elsewhere: String?

    init(_ root: DocumentValue, _ files: FilesBeside) {
        self.root = root
        self.files = files
        elsewhere = Self.protectionElsewhere(root)
    }

    /// Why a route must not be written, as the middle of a note; nil when it is open.
    ///
    /// - Parameter type: `Api` or `HttpApi`.
    func reason(_ type: String, _ event: DocumentValue?) -> String? {
        var own = EventAuth()
        if let auth = event?["Auth"], !auth.isNull {
            switch EventAuth.read(auth) {
            case .failure(let closed): return closed.reason
            case .success(let read): own = read
            }
        }
        for key in ["RestApiId", "ApiId"] {
            guard let api = event?[key] else { continue }
            guard let id = Self.referencedID(api), let resource = root["Resources"]?[id],
                ["AWS::Serverless::Api", "AWS::Serverless::HttpApi"].contains(resource["Type"]?.word ?? "")
            else { return "belongs to an API that is not described in the file, so its protection cannot be told," }
            if let reason = reason(api: resource["Properties"], type, own) { return reason }
        }
        // The API that SAM makes for the events that name none can be given properties under its own name.
        let implicit = type == "Api" ? "ServerlessRestApi" : "ServerlessHttpApi"
        if root["Resources"]?[implicit] != nil { return "belongs to an API whose protection cannot be told" }
        return reason(api: root["Globals"]?[type], type, own) ?? elsewhere
    }

    /// Whether the API of an open route has authorizers, which the route does not name, or turns off.
    func hasAuthorizers(_ type: String, _ event: DocumentValue?) -> Bool {
        let id = (event?["RestApiId"] ?? event?["ApiId"]).flatMap(Self.referencedID)
        let apis = [id.flatMap { root["Resources"]?[$0]?["Properties"] }, root["Globals"]?[type]]
        return apis.contains { api in
            ["Authorizers", "DefaultAuthorizer"].contains { api?["Auth"]?[$0].map { !$0.isNull } ?? false }
        }
    }

    private static func referencedID(_ value: DocumentValue) -> String? {
        guard let node = value.node, let (name, argument) = CloudFormationFunctions.call(value, node), name == "Ref"
        else { return nil }
        return argument.word
    }

    // MARK: The event

    private struct Closed: Error {
        let reason: String
    }

    private struct EventAuth {
        /// The event turns the API's authorizer off.
        var refusesAuthorizer = false
        var refusesKey = false

        static func read(_ auth: DocumentValue) -> Result<EventAuth, Closed> {
            guard auth.isMapping else { return .failure(Closed(reason: "may be protected by an authorizer")) }
            var own = EventAuth()
            for (key, value) in auth.members where !value.isNull {
                switch key {
                case "Authorizer":
                    guard value.word == "NONE" else {
                        return .failure(Closed(reason: "is protected by an authorizer"))
                    }
                    own.refusesAuthorizer = true
                case "ApiKeyRequired":
                    guard value.truth == false else { return .failure(Closed(reason: "is protected by an API key")) }
                    own.refusesKey = true
                case "ResourcePolicy": return .failure(Closed(reason: "is protected by a resource policy"))
                case "InvokeRole", "OverrideApiAuth": continue
                default: return .failure(Closed(reason: "is protected by an authorizer ('\(key)')"))
                }
            }
            return .success(own)
        }
    }

    // MARK: Its API

    private static let harmless: Set<String> = [
        "Name", "StageName", "Description", "Cors", "CorsConfiguration", "BinaryMediaTypes", "MinimumCompressionSize",
        "TracingEnabled", "AccessLogSetting", "AccessLogSettings", "MethodSettings", "Variables", "StageVariables",
        "Tags", "CacheClusterEnabled", "CacheClusterSize", "OpenApiVersion", "GatewayResponses", "Models",
        "CanarySetting", "AlwaysDeploy", "FailOnWarnings", "PropagateTags", "SecurityPolicy", "DefaultRouteSettings",
        "RouteSettings", "ApiKeySourceType",
    ]

    private func reason(api: DocumentValue?, _ type: String, _ own: EventAuth) -> String? {
        guard let api, !api.isNull else { return nil }
        guard api.isMapping else { return "belongs to an API whose protection cannot be told" }
        for (key, value) in api.members where !value.isNull && !Self.harmless.contains(key) {
            if let reason = reason(key, value, of: api, own) { return reason }
        }
        return nil
    }

    private func reason(_ key: String, _ value: DocumentValue, of api: DocumentValue, _ own: EventAuth) -> String? {
        switch key {
        case "Auth": return reason(auth: value, own)
        case "DefinitionBody": return APIDefinition.reason(value)
        case "DefinitionUri": return reason(definitionFile: value)
        case "EndpointConfiguration":
            let kind = value.isMapping ? value["Type"] : value
            let isPublic = kind.map { ["EDGE", "REGIONAL"].contains($0.word ?? "") } ?? true
            return isPublic && value["VPCEndpointIds"] == nil ? nil : "is protected by a private endpoint"
        case "Domain": return reason(domain: value)
        case "DisableExecuteApiEndpoint":
            if value.truth == false || value.truth == true && api["Domain"] != nil { return nil }
            return "is protected by a domain that is not described in the file"
        default: return "may be protected by its API's '\(key)'"
        }
    }

    private func reason(auth: DocumentValue, _ own: EventAuth) -> String? {
        guard auth.isMapping else { return "may be protected by an authorizer" }
        for (key, value) in auth.members where !value.isNull {
            switch key {
            case "DefaultAuthorizer":
                if !own.refusesAuthorizer { return "is protected by an authorizer" }
            case "ApiKeyRequired":
                if value.truth != false, !own.refusesKey { return "is protected by an API key" }
            case "ResourcePolicy": return "is protected by a resource policy"
            case "UsagePlan":
                if value["CreateUsagePlan"]?.word != "NONE" { return "is protected by a usage plan" }
            case "Authorizers", "InvokeRole", "AddDefaultAuthorizerToCorsPreflight",
                "AddApiKeyRequiredToCorsPreflight", "EnableIamAuthorizer":
                continue
            default: return "may be protected by its API's 'Auth.\(key)'"
            }
        }
        return nil
    }

    private func reason(definitionFile value: DocumentValue) -> String? {
        let unread = "may be protected by the API's definition, which is not read,"
        guard let path = value.word, Unresolved.flaw(in: path) == nil, let text = try? files.text(path),
            let document = try? DocumentFile.parse(text, file: path, expressions: CloudFormationExpressions())
        else { return unread }
        return APIDefinition.reason(document)
    }

    private static let domainKeys: Set<String> = [
        "DomainName", "CertificateArn", "EndpointConfiguration", "Route53", "BasePath", "NormalizeBasePath",
        "SecurityPolicy",
    ]

    private func reason(domain: DocumentValue) -> String? {
        guard domain.isMapping else { return "may be protected by its domain" }
        if let other = domain.members.first(where: { !Self.domainKeys.contains($0.key) }) {
            return "is protected by its domain's '\(other.key)'"
        }
        let kind = domain["EndpointConfiguration"]
        return kind == nil || ["EDGE", "REGIONAL"].contains(kind?.word ?? "") ? nil : "is protected by a private domain"
    }

    // MARK: The whole template

    private static let transforms: Set<String> = [
        "AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
    ]

    private static func protectionElsewhere(_ root: DocumentValue) -> String? {
        if let transform = root["Transform"] {
            let names = transform.isList ? transform.items : [transform]
            if names.contains(where: { !transforms.contains($0.word ?? "") }) {
                return "may be protected by what a macro of the template makes of it"
            }
        }
        for (id, resource) in root["Resources"]?.members ?? [] {
            let type = resource["Type"]?.word ?? ""
            if resource.isUnknown || id.hasPrefix("Fn::") {
                return "may be protected by a resource that cannot be told"
            }
            if let reason = ProtectingResource.reason(type, resource["Properties"]) { return reason }
        }
        return nil
    }
}
