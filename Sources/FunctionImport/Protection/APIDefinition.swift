/// An API's own OpenAPI document, which can protect each operation for itself.
enum APIDefinition {
    /// Members below which nothing protects, so that what cannot be told there does not matter.
    private static let harmless: Set<String> = [
        "uri", "credentials", "title", "version", "description", "url", "basePath", "default", "connectionId",
        "payloadFormatVersion", "timeoutInMillis", "summary", "example", "tags",
    ]

    /// Why routes must not be written, as the middle of a note; nil when nothing in the document protects anything.
    static func reason(_ document: DocumentValue) -> String? {
        var reason: String?
        if !document.isMapping { return "may be protected by the API's definition" }
        document.visit { key, value in
            guard reason == nil else { return false }
            let key = key ?? ""
            if key == "security" {
                // An empty list turns the security of the whole off.
                if !value.isList || !value.items.isEmpty { reason = "is protected by the API's definition" }
            } else if key.hasPrefix("x-amazon-apigateway-auth") || key.hasPrefix("x-amazon-apigateway-policy")
                || key.hasPrefix("x-amazon-apigateway-api-key-source")
                || key == "x-amazon-apigateway-endpoint-configuration"
            {
                reason = "is protected by the API's definition"
            } else if value.isUnknown, !harmless.contains(key) {
                reason = "may be protected by the API's definition, which cannot be told,"
            }
            return reason == nil && !harmless.contains(key)
        }
        return reason
    }
}
