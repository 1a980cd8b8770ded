import FunctionModel
import NIOCore
import TextForms

/// The failures of Lambda's platform, with the documents that callers know from there.
enum LambdaFailure {
    static func responseTooLarge(limit: Int) -> InvocationFailure {
        InvocationFailure(
            .responseTooLarge, "The handler's response is larger than \(limit) bytes.",
            payload: document(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (\(limit) bytes)."))
    }

    static func truncated(_ id: InvocationID) -> InvocationFailure {
        InvocationFailure(
            .invalidResponse, "The handler's connection ended in the middle of its response.",
            payload: document("Runtime.TruncatedResponse", "RequestId: \(id) Error: The response was truncated"))
    }

    static func invalidMode(_ id: InvocationID) -> InvocationFailure {
        InvocationFailure(
            .invalidResponse, "Lambda-Runtime-Function-Response-Mode has a value other than 'streaming'.",
            payload: document(
                "Runtime.InvalidResponseModeHeader", "RequestId: \(id) Error: Invalid response mode header"))
    }

    static func invalidPrelude(_ sentence: String) -> InvocationFailure {
        InvocationFailure(
            .invalidResponse, "The prelude of the streamed response is not valid: \(sentence)",
            payload: document("Runtime.InvalidResponse", "The prelude of the streamed response is not valid"))
    }

    /// The trailers of a stream say that it failed. `body` is Base64 by the rules, but some clients send plain text.
    static func stream(type: String, body: String) -> InvocationFailure {
        let decoded = Base64.decode(body, .looselyPadded).flatMap { $0.isEmpty ? nil : $0 }
        let payload = decoded.map { ByteBuffer(bytes: $0) } ?? document(type, "The handler failed while it streamed")
        return InvocationFailure(
            .handlerFailed, "The handler reported \(type) while it streamed its response.", payload: payload)
    }

    /// A document that was posted to `/error` or `/init/error`, untouched.
    static func posted(_ code: FailureCode, type: String?, _ payload: ByteBuffer) -> InvocationFailure {
        let detail: String
        switch code {
        case .handlerInitFailed: detail = "The handler reported that it cannot start"
        default: detail = "The handler reported an error"
        }
        return InvocationFailure(
            code, isErrorType(type) ? "\(detail): \(type ?? "")." : "\(detail).", payload: payload)
    }

    /// `(Runtime|Function).Name`: what Lambda keeps of a reported type.
    private static func isErrorType(_ type: String?) -> Bool {
        guard let type, type.utf8.count <= 128 else { return false }
        let rest: Substring
        if type.hasPrefix("Runtime.") {
            rest = type.dropFirst(8)
        } else if type.hasPrefix("Function.") {
            rest = type.dropFirst(9)
        } else {
            return false
        }
        guard let first = rest.utf8.first, (65...90).contains(first) else { return false }
        return rest.utf8.allSatisfy { (65...90).contains($0) || (97...122).contains($0) }
    }

    private static func document(_ type: String, _ message: String) -> ByteBuffer {
        var json = ByteAssembler(capacity: 256)
        json.append(#"{"errorType":"#)
        json.appendJSONString(type)
        json.append(#","errorMessage":"#)
        json.appendJSONString(message)
        json.append("}")
        return ByteBuffer(bytes: json.bytes)
    }
}
