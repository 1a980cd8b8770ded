import FunctionModel

/// The Extensions API as a stub: extensions may register, and then wait for events that never come. Handlers that
/// only need it to be there (graceful shutdown of Go and Rust, the Lambda Web Adapter) work with that.
struct ExtensionRegistry {
    enum Registration {
        case registered(identifier: String, body: String)
        case refused(RuntimeAPIReply)
    }

    private var identifiers: [String] = []

    /// Lambda's own limit.
    private static let limit = 10

    func contains(_ identifier: String?) -> Bool {
        identifier.map { identifiers.contains($0) } ?? false
    }

    /// - Parameter name: nil: the request had none. Empty: a request named an identifier that nobody was given.
    mutating func register(_ name: String?, context: WorkerContext, worker: UInt32) -> Registration {
        guard let name else { return .refused(.noExtensionName) }
        guard !name.isEmpty else { return .refused(.unknownExtension) }
        guard identifiers.count < Self.limit else { return .refused(.tooManyExtensions) }
        let identifier = InvocationID(
            high: 0x4000 | UInt64(worker) << 32, low: 0x8000_0000_0000_0000 | UInt64(identifiers.count + 1)
        ).description
        identifiers.append(identifier)
        var json = ByteAssembler(capacity: 256)
        json.append(#"{"functionName":"#)
        json.appendJSONString(context.function.rawValue)
        json.append(#","functionVersion":"$LATEST","handler":"#)
        json.appendJSONString(context.handler)
        json.append(#","accountId":"#)
        json.appendJSONString(LambdaIdentity.account)
        json.append("}")
        return .registered(identifier: identifier, body: String(decoding: json.bytes, as: UTF8.self))
    }
}
