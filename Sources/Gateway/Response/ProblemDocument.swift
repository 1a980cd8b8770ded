package import FunctionModel
package import HTTPCodec
package import NIOCore

/// An error as a client sees it (RFC 9457). What a handler posted about its error is not in it: that is for the
/// function's owner, not for the public.
package struct ProblemDocument: Sendable {
    package var code: String
    package var status: Int
    package var title: String
    package var detail: String
    package var retryAfterSeconds: Int?
    /// The methods for `Allow`; nil sends none.
    package var allow: [HTTPMethod]?

    package init(_ code: FailureCode, _ detail: String, allow: [HTTPMethod]? = nil) {
        self.init(InvocationFailure(code, detail))
        self.allow = allow
    }

    package init(_ failure: InvocationFailure) {
        code = failure.code.rawValue
        status = failure.status ?? failure.code.status
        title = failure.code.title
        detail = failure.detail
        retryAfterSeconds = failure.retryAfterSeconds
        if retryAfterSeconds == nil, status == 429 || status == 503 { retryAfterSeconds = 1 }
    }

    init(code: String, status: Int, title: String, detail: String, retryAfterSeconds: Int?) {
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }

    static let contentType: StaticString = "application/problem+json"

    /// The JSON text.
    package func body(invocation: InvocationID?) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(256 + detail.utf8.count)
        body.writeStaticString("{\"type\":\"urn:glo:error:")
        body.writeString(code)
        body.writeStaticString("\",\"title\":")
        JSONText.writeString(title, into: &body)
        body.writeStaticString(",\"status\":")
        HTTPWriter.writeDecimal(status, into: &body)
        body.writeStaticString(",\"detail\":")
        JSONText.writeString(detail, into: &body)
        body.writeStaticString(",\"code\":\"")
        body.writeString(code)
        body.writeStaticString("\"")
        if let invocation {
            body.writeStaticString(",\"invocation\":\"")
            body.writeString(invocation.description)
            body.writeStaticString("\"")
        }
        body.writeStaticString("}")
        return body
    }

    /// The fields besides those that every response carries.
    var fields: HTTPFields {
        var fields = HTTPFields()
        if let retryAfterSeconds { fields.append(name: "Retry-After", value: "\(max(0, retryAfterSeconds))") }
        if let allow { fields.append(name: "Allow", value: allow.map(\.name).joined(separator: ", ")) }
        return fields
    }
}
