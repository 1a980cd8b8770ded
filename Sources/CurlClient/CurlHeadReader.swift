/// Makes a response's head of the lines that libcurl's header callback gets.
package struct CurlHeadReader: Sendable {
    private var head: CurlResponseHead?
    private var isDelivered = false

    package init() {}

    /// Takes one line; returns the head once, at the empty line that ends it. Interim responses (100, 103) are left out,
    /// and so are trailers, which come after the body.
    package mutating func take(_ bytes: UnsafeRawBufferPointer) -> CurlResponseHead? {
        guard !isDelivered else { return nil }
        var line = bytes[...]
        while let last = line.last, last == 10 || last == 13 { line.removeLast() }
        if line.isEmpty {
            guard let head, head.status >= 200 else { return nil }
            isDelivered = true
            return head
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            head = CurlResponseHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            head?.headers.append((String(text[..<colon]), String(value)))
        }
        return nil
    }
}
