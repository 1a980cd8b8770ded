import HTTPCodec

/// A request that runs a function, as its path says.
struct InvokeCall: Hashable, Sendable {
    enum Operation: Hashable, Sendable {
        case invoke
        case invokeWithResponseStream
        /// The first version of `InvocationType=Event`.
        case invokeAsync

        var name: String {
            switch self {
            case .invoke: "InvokeFunction"
            case .invokeWithResponseStream: "InvokeWithResponseStream"
            case .invokeAsync: "InvokeAsync"
            }
        }
    }

    enum InvocationType: String, Hashable, Sendable {
        case requestResponse = "RequestResponse"
        case event = "Event"
        case dryRun = "DryRun"
    }

    let operation: Operation
    /// The function's name or ARN, percent-encoded.
    let function: Substring

    /// Lambda's limit for calls that are waited for.
    static let maxPayloadBytes = 6_291_456
    /// The limit of an event.
    static let maxEventBytes = EventIntake.largestBody

    /// The limit of InvokeAsync, which is older.
    static let maxLegacyBytes = 262_144

    /// Nil for every other request.
    init?(_ head: HTTPRequestHead) {
        guard head.method == .post else { return nil }
        let path = head.path
        if path.hasPrefix(Self.invoke.prefix) {
            guard let function = Self.segment(of: path.utf8, Self.invoke) else { return nil }
            self.init(.invoke, function)
        } else if path.hasPrefix(Self.stream.prefix) {
            guard let function = Self.segment(of: path.utf8, Self.stream) else { return nil }
            self.init(.invokeWithResponseStream, function)
        } else if path.hasPrefix(Self.legacy.prefix) {
            guard let function = Self.segment(of: path.utf8, Self.legacy) else { return nil }
            self.init(.invokeAsync, function)
        } else {
            return nil
        }
    }

    private init(_ operation: Operation, _ function: Substring) {
        self.operation = operation
        self.function = function
    }

    private static let invoke = (prefix: "/2015-03-31/functions/", suffix: "/invocations")
    private static let stream = (prefix: "/2021-11-15/functions/", suffix: "/response-streaming-invocations")
    private static let legacy = (prefix: "/2014-11-13/functions/", suffix: "/invoke-async")

    private static func segment(
        of path: String.UTF8View, _ form: (prefix: String, suffix: String)
    ) -> Substring? {
        let rest = path.dropFirst(form.prefix.utf8.count)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex else { return nil }
        let tail = Substring(rest[slash...])
        // Older clients end the path with a slash.
        guard tail == form.suffix || tail == "\(form.suffix)/" else { return nil }
        return Substring(rest[..<slash])
    }

    /// What `X-Amz-Invocation-Type` asks for.
    func type(_ fields: HTTPFields) throws(LambdaAPIError) -> InvocationType {
        if operation == .invokeAsync { return .event }
        guard let text = fields.first("x-amz-invocation-type") else { return .requestResponse }
        guard let type = InvocationType(rawValue: text) else {
            throw .validation(text, at: "invocationType", values: "[Event, RequestResponse, DryRun]")
        }
        guard operation == .invoke || type != .event else {
            throw .validation(text, at: "invocationType", values: "[RequestResponse, DryRun]")
        }
        return type
    }

    /// The largest body.
    func maxBodyBytes(_ fields: HTTPFields) -> Int {
        switch try? type(fields) {
        case .event where operation == .invokeAsync: Self.maxLegacyBytes
        case .event: Self.maxEventBytes
        case .requestResponse, .dryRun, nil: Self.maxPayloadBytes
        }
    }
}
