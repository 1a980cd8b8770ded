/// Tells of a route of a `serverless.yml` whether it is open; where that cannot be told, the route counts as protected.
///
/// Source: the Serverless Framework's guide, "API Gateway (REST API)" and "HTTP API (API Gateway v2)".
struct ServerlessProtection {
    private let root: DocumentValue
    /// What in the resources or the plugins' settings may protect any route.
    private let elsewhere: String?

    init(_ root: DocumentValue) {
        self.root = root
        elsewhere = Self.protectionElsewhere(root)
    }

    /// Why a route must not be written, as the middle of a note; nil when it is open.
    ///
    /// - Parameters:
    ///   - kind: `http` or `httpApi`.
    ///   - event: what stands behind it: a text or a mapping.
    func reason(_ kind: String, _ event: DocumentValue) -> String? {
        for (key, value) in event.members where !value.isNull {
            if let reason = reason(eventKey: key, value) { return reason }
        }
        guard let provider = root["provider"] else { return elsewhere }
        if provider.isUnknown { return "belongs to an API whose protection cannot be told" }
        let api = provider[kind == "http" ? "apiGateway" : "httpApi"]
        return (kind == "http" ? reason(ofREST: api) ?? reason(ofProvider: provider) : reason(ofHTTP: api)) ?? elsewhere
    }

    private func reason(eventKey key: String, _ value: DocumentValue) -> String? {
        switch key {
        case "authorizer": return "is protected by an authorizer"
        case "private": return value.truth == false ? nil : "is protected by an API key"
        default:
            let words = ["auth", "security", "policy", "scope", "private", "apikey", "vpc"]
            let name = key.lowercased()
            return words.contains { name.contains($0) } ? "may be protected by its '\(key)'" : nil
        }
    }

    // MARK: The provider

    private static let harmlessREST: Set<String> = [
        "apiName", "shouldStartNameWithService", "minimumCompressionSize", "description", "binaryMediaTypes", "metrics",
        "stage", "timeoutInMillis", "apiKeySourceType", "request", "useProviderTags",
    ]
    private static let harmlessHTTP: Set<String> = [
        "name", "payload", "cors", "metrics", "shouldStartNameWithService", "useProviderTags", "timeout", "logs",
        "authorizers",
    ]

    private func reason(ofREST api: DocumentValue?) -> String? {
        guard let api, !api.isNull else { return nil }
        guard api.isMapping else { return "belongs to an API whose protection cannot be told" }
        for (key, value) in api.members where !value.isNull && !Self.harmlessREST.contains(key) {
            switch key {
            case "resourcePolicy": return "is protected by a resource policy"
            case "usagePlan": return "is protected by a usage plan"
            case "apiKeys": return "is protected by an API key"
            case "disableDefaultEndpoint":
                if value.truth != false { return "is protected by a domain that is not described in the file" }
            default: return "may be protected by its API's '\(key)'"
            }
        }
        return nil
    }

    private func reason(ofHTTP api: DocumentValue?) -> String? {
        guard let api, !api.isNull else { return nil }
        guard api.isMapping else { return "belongs to an API whose protection cannot be told" }
        for (key, value) in api.members where !value.isNull && !Self.harmlessHTTP.contains(key) {
            switch key {
            case "disableDefaultEndpoint":
                if value.truth != false { return "is protected by a domain that is not described in the file" }
            case "id": return "belongs to an API that is not described in the file, so its protection cannot be told,"
            default: return "may be protected by its API's '\(key)'"
            }
        }
        return nil
    }

    /// Settings of REST APIs as older files have them.
    private func reason(ofProvider provider: DocumentValue) -> String? {
        for (key, value) in provider.members where !value.isNull {
            switch key {
            case "resourcePolicy": return "is protected by a resource policy"
            case "usagePlan": return "is protected by a usage plan"
            case "apiKeys": return "is protected by an API key"
            case "vpcEndpointIds": return "is protected by a private endpoint"
            case "endpointType":
                if !["EDGE", "REGIONAL"].contains(value.word?.uppercased() ?? "") {
                    return "is protected by a private endpoint"
                }
            default: continue
            }
        }
        return nil
    }

    // MARK: The whole file

    private static func protectionElsewhere(_ root: DocumentValue) -> String? {
        protection(ofResources: root["resources"]) ?? protection(ofPlugins: root)
    }

    private static func protection(ofResources resources: DocumentValue?) -> String? {
        guard let resources, !resources.isNull else { return nil }
        let unknown = "may be protected by resources that cannot be told"
        for part in resources.isList ? resources.items : [resources] {
            guard part.isMapping else { return unknown }
            for (section, value) in part.members where section == "Resources" || section == "extensions" {
                if value.isUnknown { return unknown }
                for (name, resource) in value.members {
                    if let reason = protection(name, resource) { return reason }
                }
            }
        }
        return nil
    }

    /// Resources, and changes of those that the framework makes, by their names.
    private static func protection(_ name: String, _ resource: DocumentValue) -> String? {
        if resource.isUnknown { return "may be protected by a resource that cannot be told" }
        let type = resource["Type"]?.word ?? ""
        if let reason = ProtectingResource.reason(type, resource["Properties"]) { return reason }
        let harmless = ["GatewayResponse", "Account", "BasePathMapping", "ApiMapping", "DomainName"]
        let ofAPI = type.hasPrefix("AWS::ApiGateway") || name.hasPrefix("ApiGateway") || name.hasPrefix("HttpApi")
        guard ofAPI, !harmless.contains(where: { type.hasSuffix("::\($0)") }) else { return nil }
        return "may be protected by the resource '\(name)'"
    }

    private static func protection(ofPlugins root: DocumentValue) -> String? {
        var reason: String?
        for part in [root["custom"], root["plugins"]] {
            part?.visit { key, value in
                for word in [key, value.word].compactMap({ $0?.lowercased() }) {
                    if word.contains("waf") && !word.contains("waffle") || word.contains("webacl") {
                        reason = "is protected by a web firewall (WAF)"
                    } else if word.contains("truststore") || word.contains("mutualtls") {
                        reason = "is protected by mutual TLS"
                    }
                }
                return reason == nil
            }
        }
        return reason
    }
}
