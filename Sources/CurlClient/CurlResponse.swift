/// A whole response.
package struct CurlResponse: Sendable {
    package var head: CurlResponseHead
    package var body: [UInt8]

    package var status: Int { head.status }
    package var headers: [(name: String, value: String)] { head.headers }

    package init(head: CurlResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}
