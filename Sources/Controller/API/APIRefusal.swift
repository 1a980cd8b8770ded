import AccessControl
import AdminModel
import FunctionModel
import Gateway
import HTTPCodec
import NIOCore
import SigV4

/// How each API says that a request is not let in.
enum APIRefusal {
    static func response(_ error: SigV4Error, to surface: APISurface, _ head: HTTPRequestHead) -> ServiceResponse {
        switch surface {
        case .invoke, .lambda:
            var document = LambdaAPIError(error.code.rawValue, 403, error.message)
            document.type = nil
            return document.response
        case .queues: return queues(error.code.rawValue, error.message, status: 403, head)
        case .dashboard, .admin:
            return admin(
                AdminError(
                    AdminErrorCode.unauthorized,
                    error.code == .missingAuthenticationToken
                        ? "The request has no valid token." : error.message,
                    hint: "Send 'Authorization: Bearer TOKEN' with the controller's admin token, or sign the request."))
        }
    }

    /// Whoever asks is known, and may not do this.
    static func forbidden(_ needed: AccessScope, to surface: APISurface, _ head: HTTPRequestHead) -> ServiceResponse {
        let message = AdminError.forbidden(needed).detail
        switch surface {
        case .invoke, .lambda:
            var document = LambdaAPIError("AccessDeniedException", 403, message)
            document.type = nil
            return document.response
        case .queues: return queues("AccessDenied", message, status: 403, head)
        case .dashboard, .admin: return admin(.forbidden(needed))
        }
    }

    static func tooLarge(limit: Int, to surface: APISurface, _ head: HTTPRequestHead) -> ServiceResponse {
        switch surface {
        case .invoke(let call):
            return LambdaAPIError.requestTooLarge(limit: limit, operation: call.operation.name).response
        case .lambda:
            var error = LambdaAPIError(
                "RequestEntityTooLargeException", 413, "Request must be smaller than \(limit) bytes.")
            error.type = nil
            return error.response
        case .queues:
            return queues(
                "InvalidParameterValue", "The request must be smaller than \(limit) bytes.", status: 400, head)
        case .dashboard, .admin:
            return admin(AdminError(.bodyTooLarge, "The body has more than \(ByteCount.text(limit))."))
        }
    }

    static func notImplemented(_ surface: APISurface, _ head: HTTPRequestHead) -> ServiceResponse {
        switch surface {
        case .queues: queues("UnsupportedOperation", "This controller serves no queues.", status: 501, head)
        case .invoke, .lambda, .dashboard, .admin:
            LambdaAPIError.notSupported("\(head.method.name) \(head.path)").response
        }
    }

    private static func admin(_ error: AdminError) -> ServiceResponse {
        var fields = HTTPFields([("Content-Type", AdminModel.ProblemDocument.contentType)])
        if error.code == .unauthorized { fields.append(name: "WWW-Authenticate", value: "Bearer") }
        let bytes = (try? AdminJSON.encode(error.document)) ?? []
        return ServiceResponse(status: error.code.status, fields: fields, body: ByteBuffer(bytes: bytes))
    }

    /// The JSON protocol's form, or that of the older one, by what the request speaks.
    private static func queues(
        _ code: String, _ message: String, status: Int, _ head: HTTPRequestHead
    ) -> ServiceResponse {
        var body = ByteBuffer()
        guard head.fields.contains("x-amz-target") else {
            body.writeString(
                "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error>"
                    + "<Type>Sender</Type><Code>\(code)</Code><Message>\(escaped(message))</Message></Error>"
                    + "</ErrorResponse>")
            return ServiceResponse(status: status, fields: HTTPFields([("Content-Type", "text/xml")]), body: body)
        }
        body.writeStaticString("{\"__type\":")
        JSONText.writeString("com.amazon.coral.service#\(code)", into: &body)
        body.writeStaticString(",\"message\":")
        JSONText.writeString(message, into: &body)
        body.writeStaticString("}")
        let fields = HTTPFields([
            ("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-ErrorType", code),
        ])
        return ServiceResponse(status: status, fields: fields, body: body)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
