extension ScaffoldTemplates {
    /// A Runtime API client on POSIX sockets.
    static let swift: [ScaffoldFile] = [
        compiledManifest(compiler: "swiftc"),
        makefile(source: "main.swift", command: "swiftc -O -static-stdlib -Xlinker -s -o bootstrap.part main.swift"),
        ScaffoldFile(
            name: "main.swift",
            contents: ##"""
                // A function in Swift. Build it with: make
                import Glibc

                /// Turns one event into one response. What goes to standard error is in the function's log.
                func handle(_ event: [UInt8]) -> String {
                    log("an event of \(event.count) bytes")
                    return #"{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"Hello from Swift!\n"}"#
                }

                func log(_ line: String) {
                    let bytes = Array((line + "\n").utf8)
                    _ = write(2, bytes, bytes.count)
                }

                // ---- The rest asks Lambda's Runtime API for events and gives it the responses. ----

                /// A connection to the Runtime API.
                struct RuntimeAPI {
                    let host: String
                    private let descriptor: Int32
                    private var waiting: [UInt8] = []

                    init?(_ api: String) {
                        let parts = api.split(separator: ":")
                        guard parts.count == 2, let port = UInt16(parts[1]) else { return nil }
                        var address = sockaddr_in()
                        address.sin_family = sa_family_t(AF_INET)
                        address.sin_port = port.bigEndian
                        inet_pton(AF_INET, String(parts[0]), &address.sin_addr)
                        host = api
                        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                        let result = withUnsafePointer(to: &address) {
                            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                            }
                        }
                        guard result == 0 else { return nil }
                    }

                    /// Sends one request and reads its response: the body, and the invocation's id if it has one.
                    mutating func request(_ head: String, body: String = "") -> (body: [UInt8], id: String)? {
                        let text = "\(head) HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                        var rest = Array(text.utf8)[...]
                        while !rest.isEmpty {
                            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                            guard count > 0 else { return nil }
                            rest = rest.dropFirst(count)
                        }
                        guard line() != nil else { return nil }
                        var length = 0
                        var id = ""
                        while let field = line(), !field.isEmpty {
                            let parts = field.split(separator: ":", maxSplits: 1)
                            guard parts.count == 2 else { continue }
                            let value = String(parts[1].drop { $0 == " " })
                            switch parts[0].lowercased() {
                            case "content-length": length = Int(value) ?? 0
                            case "lambda-runtime-aws-request-id": id = value
                            default: break
                            }
                        }
                        while waiting.count < length { guard fill() else { return nil } }
                        defer { waiting.removeFirst(length) }
                        return (Array(waiting.prefix(length)), id)
                    }

                    private mutating func line() -> String? {
                        while true {
                            if let end = waiting.firstIndex(of: 10) {
                                defer { waiting.removeFirst(end + 1) }
                                return String(decoding: waiting[..<end].filter { $0 != 13 }, as: UTF8.self)
                            }
                            guard fill() else { return nil }
                        }
                    }

                    private mutating func fill() -> Bool {
                        var piece = [UInt8](repeating: 0, count: 65_536)
                        let count = read(descriptor, &piece, piece.count)
                        guard count > 0 else { return false }
                        waiting += piece.prefix(count)
                        return true
                    }
                }

                guard let name = getenv("AWS_LAMBDA_RUNTIME_API"), var api = RuntimeAPI(String(cString: name)) else {
                    log("cannot reach the Runtime API")
                    exit(1)
                }
                let root = "/2018-06-01/runtime/invocation"
                while let event = api.request("GET \(root)/next") {
                    guard api.request("POST \(root)/\(event.id)/response", body: handle(event.body)) != nil else { break }
                }
                exit(1)

                """##),
    ]
}
