package import FunctionModel
package import NIOCore
import TextForms

/// Turns a handler's bare result into a response.
package enum ResponseMapper {
    static let json: StaticString = "application/json"
    static let text: StaticString = "text/plain; charset=utf-8"
    static let binary: StaticString = "application/octet-stream"

    package static func map(
        _ result: ByteBuffer, mapping: ResultMapping
    ) throws(InvocationFailure) -> MappedResponse {
        switch mapping {
        case .event: try EventResultMapper.map(result)
        case .raw: MappedResponse(contentType: isJSON(result) ? json : binary, body: result)
        case .output: MappedResponse(contentType: typeOfOutput(result), body: result)
        }
    }

    private static func isJSON(_ bytes: ByteBuffer) -> Bool {
        bytes.withUnsafeReadableBytes { JSONScanner.isValid($0) }
    }

    /// A program that prints a number or a word prints text; only an object or array is meant as JSON.
    private static func typeOfOutput(_ output: ByteBuffer) -> StaticString {
        output.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes)
            scanner.skipBlanks()
            let opens = scanner.current == UInt8(ascii: "{") || scanner.current == UInt8(ascii: "[")
            if opens, JSONScanner.isValid(bytes) { return json }
            return UTF8Text.isValid(bytes) ? text : binary
        }
    }
}
