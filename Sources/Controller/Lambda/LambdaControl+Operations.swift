extension LambdaControl {
    func perform(_ operation: ControlOperation, _ request: ControlRequest) async throws(LambdaControlError)
        -> ServiceResponse
    {
        switch operation {
        case .createFunction: return try await createFunction(request)
        case .listFunctions: return try await listFunctions(request)
        case .function(let operation, let name):
            let target = try ControlTarget(name, qualifier: request.parameter("Qualifier"))
            return try await perform(operation, target, request)
        case .createMapping: return try await createMapping(request)
        case .listMappings: return try await listMappings(request)
        case .mapping(.get, let uuid): return try await getMapping(uuid)
        case .mapping(.update, let uuid): return try await updateMapping(uuid, request)
        case .mapping(.delete, let uuid): return try await deleteMapping(uuid)
        case .tags(let operation, let arn): return try await tags(operation, arn, request)
        case .accountSettings: return try await accountSettings()
        }
    }

    private func perform(
        _ operation: ControlOperation.FunctionOperation, _ target: ControlTarget, _ request: ControlRequest
    ) async throws(LambdaControlError) -> ServiceResponse {
        switch operation {
        case .get: return try await getFunction(target)
        case .delete: return try await deleteFunction(target)
        case .getConfiguration: return Self.answer(200, try await configuration(target))
        case .updateConfiguration: return try await updateConfiguration(target, request)
        case .updateCode: return try await updateCode(target, request)
        case .publishVersion: return try await publishVersion(target, request)
        case .listVersions: return try await listVersions(target, request)
        case .createAlias: return try await createAlias(target, request)
        case .listAliases: return try await listAliases(target, request)
        case .alias(.get, let name): return try await getAlias(target, name)
        case .alias(.update, let name): return try await updateAlias(target, name, request)
        case .alias(.delete, let name): return try await deleteAlias(target, name)
        case .putConcurrency: return try await putConcurrency(target, request)
        case .getConcurrency: return try await getConcurrency(target)
        case .deleteConcurrency: return try await deleteConcurrency(target)
        case .putEventInvoke: return try await setEventInvoke(target, request, replaces: true)
        case .updateEventInvoke: return try await setEventInvoke(target, request, replaces: false)
        case .getEventInvoke: return try await getEventInvoke(target)
        case .deleteEventInvoke: return try await deleteEventInvoke(target)
        case .listEventInvoke: return try await listEventInvoke(target, request)
        case .putProvisioned: return try await putProvisioned(target, request)
        case .getProvisioned: return try await getProvisioned(target, request)
        case .deleteProvisioned: return try await deleteProvisioned(target)
        case .createURL: return try await createURL(target, request)
        case .updateURL: return try await updateURL(target, request)
        case .getURL: return try await getURL(target)
        case .deleteURL: return try await deleteURL(target)
        case .listURLs: return try await listURLs(target, request)
        case .addPermission: return try await addPermission(target, request)
        case .getPolicy: return try await getPolicy(target)
        case .removePermission(let id): return try await removePermission(target, id, request)
        case .getCodeSigning: return try await getCodeSigning(target)
        case .getRuntimeManagement: return try await getRuntimeManagement(target)
        case .getRecursion: return try await getRecursion(target)
        }
    }

    // MARK: Pages

    /// One page of a list that is sorted by its keys; `NextMarker` is the last key of a page that is not the last.
    /// A page of documents with ARNs, under this name.
    static func paged(_ name: String, _ documents: [ServiceJSON], _ request: ControlRequest)
        throws(LambdaControlError) -> ServiceResponse
    {
        let (page, marker) = try page(documents, request) { $0["FunctionArn"]?.text ?? "" }
        return answer(200, .members([(name, .list(page)), ("NextMarker", marker)]))
    }

    static func page<Item>(
        _ items: [Item], _ request: ControlRequest, most: Int = 50, key: (Item) -> String
    ) throws(LambdaControlError) -> (items: [Item], marker: ServiceJSON?) {
        let limit = min(try request.number("MaxItems", in: 1...10_000) ?? most, most)
        var rest = items[...]
        if let marker = request.parameter("Marker") {
            guard let index = items.firstIndex(where: { key($0) == marker }) else {
                throw .invalid("Invalid Marker: it does not come from this list, or what it names is gone")
            }
            rest = items[(index + 1)...]
        }
        let page = rest.prefix(limit)
        return (Array(page), page.count < rest.count ? page.last.map { .text(key($0)) } : nil)
    }
}
