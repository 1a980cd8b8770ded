/// Resources of CloudFormation that protect routes from beside them.
enum ProtectingResource {
    private static let kinds: [(word: String, reason: String)] = [
        ("::WebACLAssociation", "is protected by a web firewall (WAF)"),
        ("AWS::ApiGateway::UsagePlan", "is protected by a usage plan"),
        ("AWS::ApiGateway::ApiKey", "is protected by an API key"),
        ("AWS::ApiGateway::Authorizer", "may be protected by an authorizer"),
        ("AWS::ApiGatewayV2::Authorizer", "may be protected by an authorizer"),
        ("AWS::ApiGateway::DomainNameV2", "is protected by a private domain"),
        ("AWS::ApiGateway::DomainNameAccessAssociation", "is protected by a private domain"),
    ]

    /// Why routes must not be written, as the middle of a note; nil when the resource protects none.
    static func reason(_ type: String, _ properties: DocumentValue?) -> String? {
        if let kind = kinds.first(where: { $0.word.hasPrefix("::") ? type.hasSuffix($0.word) : type.hasPrefix($0.word) }
        ) {
            return kind.reason
        }
        guard type.hasPrefix("AWS::ApiGateway"), type.hasSuffix("::DomainName") else { return nil }
        guard let properties, properties.isMapping else { return "may be protected by its domain" }
        if properties["MutualTlsAuthentication"] != nil { return "is protected by mutual TLS" }
        let types = properties["EndpointConfiguration"]?["Types"]?.items.map(\.word) ?? []
        return types.contains("PRIVATE") ? "is protected by a private domain" : nil
    }
}
