import AccessControl

extension ControlOperation {
    /// What the caller must be allowed to do.
    var scope: AccessScope {
        switch self {
        case .listFunctions, .listMappings, .accountSettings: .read
        case .createFunction, .createMapping: .deploy
        case .function(let operation, _): operation.scope
        case .mapping(let operation, _):
            switch operation {
            case .get: .read
            case .update, .delete: .deploy
            }
        case .tags(let operation, _):
            switch operation {
            case .list: .read
            case .add, .remove: .deploy
            }
        }
    }
}

extension ControlOperation.FunctionOperation {
    fileprivate var scope: AccessScope {
        switch self {
        case .get, .getConfiguration, .listVersions, .listAliases, .getConcurrency, .getEventInvoke, .listEventInvoke,
            .getProvisioned, .getURL, .listURLs, .getPolicy, .getCodeSigning, .getRuntimeManagement, .getRecursion:
            .read
        case .delete, .updateConfiguration, .updateCode, .publishVersion, .createAlias, .putConcurrency,
            .deleteConcurrency, .putEventInvoke, .updateEventInvoke, .deleteEventInvoke, .putProvisioned,
            .deleteProvisioned, .createURL, .updateURL, .deleteURL, .addPermission, .removePermission:
            .deploy
        case .alias(let operation, _):
            switch operation {
            case .get: .read
            case .update, .delete: .deploy
            }
        }
    }
}
