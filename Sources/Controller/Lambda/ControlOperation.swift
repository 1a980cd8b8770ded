/// What the verb and the path of a request ask for.
enum ControlOperation: Hashable, Sendable {
    case createFunction
    case listFunctions
    /// Something about one function, whose name with its qualifier is as it was given.
    case function(FunctionOperation, String)
    case createMapping
    case listMappings
    case mapping(MappingOperation, String)
    case tags(TagOperation, String)
    case accountSettings

    enum FunctionOperation: Hashable, Sendable {
        case get, delete, getConfiguration, updateConfiguration, updateCode
        case publishVersion, listVersions
        case createAlias, listAliases
        case alias(AliasOperation, String)
        case putConcurrency, getConcurrency, deleteConcurrency
        case putEventInvoke, updateEventInvoke, getEventInvoke, deleteEventInvoke, listEventInvoke
        case putProvisioned, getProvisioned, deleteProvisioned
        case createURL, updateURL, getURL, deleteURL, listURLs
        case addPermission, getPolicy
        case removePermission(String)
        case getCodeSigning, getRuntimeManagement, getRecursion
    }

    enum AliasOperation: Hashable, Sendable { case get, update, delete }
    enum MappingOperation: Hashable, Sendable { case get, update, delete }
    enum TagOperation: Hashable, Sendable { case list, add, remove }

    /// Nil when Glo has no such operation.
    init?(method: String, path: [String]) {
        // The date is that of the API in which the operation came; none of them means two things.
        guard path.count >= 2, path[0].utf8.count == 10, path[0].utf8.first == UInt8(ascii: "2") else { return nil }
        let rest = Array(path.dropFirst(2))
        let found: ControlOperation? =
            switch path[1] {
            case "functions": Self.function(method, rest)
            case "event-source-mappings": Self.mapping(method, rest)
            case "tags": Self.tags(method, rest)
            case "account-settings": method == "GET" && rest.isEmpty ? .accountSettings : nil
            default: nil
            }
        guard let found else { return nil }
        self = found
    }

    private static func function(_ method: String, _ rest: [String]) -> ControlOperation? {
        guard let name = rest.first else {
            return method == "POST" ? .createFunction : method == "GET" ? .listFunctions : nil
        }
        if let operation = plain["\(method) \(rest.dropFirst().joined(separator: "/"))"] {
            return .function(operation, name)
        }
        guard rest.count == 3 else { return nil }
        switch (method, rest[1]) {
        case ("GET", "aliases"): return .function(.alias(.get, rest[2]), name)
        case ("PUT", "aliases"): return .function(.alias(.update, rest[2]), name)
        case ("DELETE", "aliases"): return .function(.alias(.delete, rest[2]), name)
        case ("DELETE", "policy"): return .function(.removePermission(rest[2]), name)
        default: return nil
        }
    }

    private static let plain: [String: FunctionOperation] = [
        "GET ": .get, "DELETE ": .delete, "GET configuration": .getConfiguration,
        "PUT configuration": .updateConfiguration, "PUT code": .updateCode,
        "POST versions": .publishVersion, "GET versions": .listVersions,
        "POST aliases": .createAlias, "GET aliases": .listAliases,
        "PUT concurrency": .putConcurrency, "GET concurrency": .getConcurrency,
        "DELETE concurrency": .deleteConcurrency,
        "PUT event-invoke-config": .putEventInvoke, "POST event-invoke-config": .updateEventInvoke,
        "GET event-invoke-config": .getEventInvoke, "DELETE event-invoke-config": .deleteEventInvoke,
        "GET event-invoke-config/list": .listEventInvoke,
        "PUT provisioned-concurrency": .putProvisioned, "GET provisioned-concurrency": .getProvisioned,
        "DELETE provisioned-concurrency": .deleteProvisioned,
        "POST url": .createURL, "PUT url": .updateURL, "GET url": .getURL, "DELETE url": .deleteURL,
        "GET urls": .listURLs,
        "POST policy": .addPermission, "GET policy": .getPolicy,
        "GET code-signing-config": .getCodeSigning, "GET runtime-management-config": .getRuntimeManagement,
        "GET recursion-config": .getRecursion,
    ]

    private static func mapping(_ method: String, _ rest: [String]) -> ControlOperation? {
        switch (method, rest.count) {
        case ("POST", 0): .createMapping
        case ("GET", 0): .listMappings
        case ("GET", 1): .mapping(.get, rest[0])
        case ("PUT", 1): .mapping(.update, rest[0])
        case ("DELETE", 1): .mapping(.delete, rest[0])
        default: nil
        }
    }

    private static func tags(_ method: String, _ rest: [String]) -> ControlOperation? {
        guard !rest.isEmpty else { return nil }
        let arn = rest.joined(separator: "/")
        switch method {
        case "GET": return .tags(.list, arn)
        case "POST": return .tags(.add, arn)
        case "DELETE": return .tags(.remove, arn)
        default: return nil
        }
    }
}
