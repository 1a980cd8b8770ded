// A Lambda function in Swift without any package: the Runtime API is two requests in a loop.
//
//   GET  /2018-06-01/runtime/invocation/next            waits for the next event
//   POST /2018-06-01/runtime/invocation/{id}/response   gives the result back
//
// `deploy/build-samples` compiles it to the file `bootstrap` beside it:
//
//   swiftc -O -static-stdlib -o functions/hello-swift/bootstrap functions/hello-swift/main.swift
//
// A directory with a `bootstrap` needs no manifest: Glo takes the contract `lambda` for it. Try it:
//
//   curl 'http://127.0.0.1:8080/hello-swift?name=Ada'
//
// Then change `greet`, run deploy/build-samples and call again: the new version takes over without a failed request.

import Glibc

/// The function itself: what comes in is an HTTP request in Lambda's payload format 2.0, what goes out its response.
func greet(event: [UInt8], invocation: Int) -> String {
    let query = jsonString(named: "rawQueryString", in: event) ?? ""
    let name = queryValue(named: "name", in: query) ?? "world"
    let greeting = "Hello, \(name), from Swift. This is call \(invocation) of this worker.\n"
    let headers = #"{"content-type":"text/plain; charset=utf-8"}"#
    return #"{"statusCode":200,"headers":\#(headers),"body":\#(jsonLiteral(greeting))}"#
}

// MARK: - What greet needs

/// The value of the first member `"name":"…"`. A sample's short cut: it does not know how deep the member stands.
func jsonString(named name: String, in json: [UInt8]) -> String? {
    let key = Array("\"\(name)\":\"".utf8)
    guard let start = firstIndex(of: key, in: json, from: 0) else { return nil }
    var value: [UInt8] = []
    var index = start + key.count
    while index < json.count, json[index] != UInt8(ascii: "\"") {
        if json[index] == UInt8(ascii: "\\"), index + 1 < json.count { index += 1 }
        value.append(json[index])
        index += 1
    }
    return String(decoding: value, as: UTF8.self)
}

/// The decoded value of one parameter of a query string.
func queryValue(named name: String, in query: String) -> String? {
    for pair in query.split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts[0] == name { return percentDecoded(parts.count == 2 ? parts[1] : "") }
    }
    return nil
}

func percentDecoded(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
            let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
        {
            decoded.append(value)
            index += 3
        } else {
            decoded.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
            index += 1
        }
    }
    return String(decoding: decoded, as: UTF8.self)
}

/// A text in JSON's quotes.
func jsonLiteral(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": literal += "\\\""
        case "\\": literal += "\\\\"
        case "\n": literal += "\\n"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: literal.unicodeScalars.append(scalar)
        }
    }
    return literal + "\""
}

// MARK: - The Runtime API

/// What a handler cannot go on after. Glo reports the text, starts a new worker and answers the caller with 502.
func fail(_ reason: String) -> Never {
    log(reason)
    exit(1)
}

/// Stderr is the function's log: `glo logs hello-swift` shows it.
func log(_ line: String) {
    let bytes = Array("hello-swift: \(line)\n".utf8)
    _ = Glibc.write(2, bytes, bytes.count)
}

func firstIndex(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + pattern.count <= bytes.count {
        if bytes[index] == pattern[0], bytes[index..<index + pattern.count].elementsEqual(pattern) { return index }
        index += 1
    }
    return nil
}

/// One response of the Runtime API.
struct Response {
    var status: Int
    /// Names in small letters.
    var fields: [String: String]
    var body: [UInt8]
}

/// A connection that stays open for the life of the worker: one TCP handshake, not one per event.
struct RuntimeConnection {
    private let host: String
    private let port: UInt16
    private var descriptor: Int32 = -1
    /// Bytes that were read and belong to the next response.
    private var unread: [UInt8] = []

    /// `address` is an IPv4 address and a port, such as `127.0.0.1:9001`.
    init(address: String) {
        let parts = address.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else {
            fail("AWS_LAMBDA_RUNTIME_API is not host:port: \(address)")
        }
        host = String(parts[0])
        self.port = port
        connect()
    }

    /// Sends a request and waits for its response, however long that takes: `/next` may wait for hours.
    mutating func send(_ method: String, _ path: String, body: String? = nil) -> Response {
        var request = "\(method) /2018-06-01/runtime/\(path) HTTP/1.1\r\nHost: \(host):\(port)\r\n"
        if let body { request += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        request += "\r\n" + (body ?? "")
        write(Array(request.utf8))
        let response = readResponse()
        if response.fields["connection"]?.lowercased() == "close" {
            _ = Glibc.close(descriptor)
            connect()
        }
        return response
    }

    private mutating func connect() {
        unread = []
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &target.sin_addr) == 1 else { fail("\(host) is not an IPv4 address") }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        let connected = withUnsafeBytes(of: &target) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { Glibc.connect(socket, $0.baseAddress, size) }
        }
        guard connected == 0 else { fail("cannot connect to \(host):\(port)") }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { fail("cannot write to the Runtime API") }
            sent += count
        }
    }

    private mutating func readMore() {
        var count = -1
        unread.append(
            contentsOf: [UInt8](unsafeUninitializedCapacity: 65536) { buffer, filled in
                repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
                filled = max(count, 0)
            })
        guard count > 0 else { fail("the Runtime API closed the connection") }
    }

    private mutating func readResponse() -> Response {
        let blankLine = Array("\r\n\r\n".utf8)
        var searched = 0
        var headEnd: Int?
        while headEnd == nil {
            headEnd = firstIndex(of: blankLine, in: unread, from: searched)
            if headEnd == nil {
                searched = max(0, unread.count - 3)
                readMore()
            }
        }
        let bodyStart = (headEnd ?? 0) + blankLine.count
        var response = parseHead(unread[..<bodyStart])
        let length = Int(response.fields["content-length"] ?? "0") ?? 0
        while unread.count < bodyStart + length { readMore() }
        response.body = Array(unread[bodyStart..<bodyStart + length])
        unread.removeFirst(bodyStart + length)
        return response
    }

    private func parseHead(_ head: ArraySlice<UInt8>) -> Response {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            fail("the Runtime API did not answer in HTTP/1.1")
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = trimmed(line[line.index(after: colon)...])
        }
        return Response(status: status, fields: fields, body: [])
    }

    private func trimmed(_ value: Substring) -> String {
        var value = value
        while let first = value.first, first == " " || first == "\t" { value.removeFirst() }
        while let last = value.last, last == " " || last == "\t" { value.removeLast() }
        return String(value)
    }
}

// MARK: - The loop

guard let address = getenv("AWS_LAMBDA_RUNTIME_API") else {
    fail("AWS_LAMBDA_RUNTIME_API is not set: this is a handler for the Lambda Runtime API")
}
var runtime = RuntimeConnection(address: String(cString: address))
var invocation = 0
while true {
    let next = runtime.send("GET", "invocation/next")
    guard next.status == 200, let id = next.fields["lambda-runtime-aws-request-id"] else {
        fail("/next answered \(next.status)")
    }
    invocation += 1
    let result = greet(event: next.body, invocation: invocation)
    let accepted = runtime.send("POST", "invocation/\(id)/response", body: result)
    if accepted.status != 202 { log("/response answered \(accepted.status)") }
}
