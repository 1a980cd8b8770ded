import DispatchCore
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import TextForms

/// What the header fields of an Invoke request say, checked.
struct InvokeRequestHead {
    let function: FunctionReference
    let type: InvokeCall.InvocationType
    let wantsLogTail: Bool
    /// Nil when the caller says nothing of itself.
    let caller: CallerContext?
    /// The id that all attempts of one call share.
    let attemptID: InvocationID?

    private static let maxClientContextBytes = 3583

    init(_ call: InvokeCall, _ head: HTTPRequestHead) throws(LambdaAPIError) {
        function = try FunctionReference(segment: call.function, query: head.query)
        type = try call.type(head.fields)
        switch head.fields.first("x-amz-log-type") {
        case nil, "None": wantsLogTail = false
        case "Tail": wantsLogTail = true
        case .some(let text): throw .validation(text, at: "logType", values: "[None, Tail]")
        }
        caller = try Self.caller(head.fields)
        attemptID = head.fields.first("amz-sdk-invocation-id").flatMap { InvocationID($0) }
    }

    private static func caller(_ fields: HTTPFields) throws(LambdaAPIError) -> CallerContext? {
        let context = fields.first("x-amz-client-context")
        let tenant = fields.first("x-amz-tenant-id")
        guard context != nil || tenant != nil else { return nil }
        if let tenant {
            guard (1...256).contains(tenant.utf8.count), tenant.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else {
                throw .validation(tenant, at: "tenantId", pattern: "[a-zA-Z0-9\\._:\\/=+\\-@ ]+")
            }
        }
        guard let context, !context.isEmpty else { return CallerContext(tenant: tenant) }
        guard context.utf8.count <= maxClientContextBytes else {
            throw .invalidParameter("Client context must be at most \(maxClientContextBytes) bytes.")
        }
        guard let bytes = Base64.decode(context), let text = HeaderJSON.object(bytes) else {
            throw LambdaAPIError(
                "InvalidRequestContentException", 400,
                "Client context must be a valid Base64-encoded JSON object.")
        }
        return CallerContext(clientContext: text, tenant: tenant)
    }

    /// The trace that the invocation belongs to: that of the request, or a new one.
    static func traceParent(_ fields: HTTPFields, _ random: inout UnguessableIDs) -> String {
        if let text = fields.first("traceparent") {
            var text = text
            if text.withUTF8({ TraceParent.isValid(UnsafeRawBufferPointer($0)) }) { return text }
        }
        let made = TraceParent.random(using: &random)
        guard let header = fields.first("x-amzn-trace-id") else { return made }
        return TraceHeader.traceParent(header, parent: String(made.dropFirst(36).prefix(16))) ?? made
    }
}
