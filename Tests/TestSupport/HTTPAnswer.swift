import CurlClient

/// What came back for a request.
package struct HTTPAnswer: Sendable {
    package let status: Int
    package let body: [UInt8]
    private let head: CurlResponseHead

    init(_ response: CurlResponse) {
        status = response.status
        head = response.head
        body = response.body
    }

    /// The first value of a header field.
    package func field(_ name: String) -> String? { head.first(name) }

    /// All values of a header field.
    package func fields(_ name: String) -> [String] {
        head.headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
    package var json: JSONValue { (try? JSONValue(body)) ?? .null }
    /// The stable code of a problem document.
    package var code: String? { json["code"].string }
    package var detail: String { json["detail"].string ?? "" }
    package var invocation: String? { field("Glo-Invocation-Id") }
}
