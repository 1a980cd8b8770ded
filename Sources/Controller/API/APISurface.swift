import HTTPCodec
import NIOCore

/// Which of the APIs that share one listener a request is for.
enum APISurface: Hashable, Sendable {
    /// Lambda's Invoke APIs, which must be fast.
    case invoke(InvokeCall)
    /// Lambda's other operations.
    case lambda
    case queues
    /// The dashboard's page and the sessions that begin there.
    case dashboard
    /// Glo's own.
    case admin

    init(_ head: HTTPRequestHead) {
        if let call = InvokeCall(head) {
            self = .invoke(call)
        } else if Self.isDated(head.path.utf8) {
            self = .lambda
        } else if head.method == .post, Self.isQueueRequest(head) {
            self = .queues
        } else if Self.isDashboard(head.path) {
            self = .dashboard
        } else {
            self = .admin
        }
    }

    /// Whether it serves those whom nobody knows. It is decided here and nowhere else: what is open has nothing behind it
    /// but the dashboard's own files and its sign-in, whatever the path says further.
    var isOpen: Bool {
        switch self {
        case .dashboard: true
        case .invoke, .lambda, .queues, .admin: false
        }
    }

    private static func isDashboard(_ path: String) -> Bool { path == "/" || path == "/ui" || path.hasPrefix("/ui/") }

    /// Whether the path begins as those of Lambda's API do: `/2015-03-31/`.
    private static func isDated(_ path: String.UTF8View) -> Bool {
        guard path.count >= 12 else { return false }
        for (index, byte) in path.prefix(12).enumerated() {
            switch index {
            case 0, 11: guard byte == UInt8(ascii: "/") else { return false }
            case 5, 8: guard byte == UInt8(ascii: "-") else { return false }
            default: guard (48...57).contains(byte) else { return false }
            }
        }
        return true
    }

    /// The JSON protocol names its operation in a header; the older one is a form, sent to `/` or to the queue's URL.
    private static func isQueueRequest(_ head: HTTPRequestHead) -> Bool {
        if head.fields.first("x-amz-target")?.hasPrefix("AmazonSQS.") == true { return true }
        return head.fields.first("content-type")?.hasPrefix("application/x-www-form-urlencoded") == true
            && !head.path.hasPrefix("/v1/")
    }

    /// The names of services that a signature may be for.
    var services: [String] {
        switch self {
        case .invoke, .lambda: ["lambda"]
        case .queues: ["sqs"]
        case .dashboard, .admin: ["glo", "lambda", "sqs"]
        }
    }

    /// Lambda's own limit for a request that carries a function's files.
    private static let maxCodeBytes = 70_167_211
    /// Whoever asks is not known yet.
    private static let maxSignInBytes = 64 << 10

    func maxBodyBytes(_ head: HTTPRequestHead, adminLimit: Int) -> Int {
        switch self {
        case .invoke(let call): call.maxBodyBytes(head.fields)
        case .lambda:
            Self.carriesCode(head) ? Self.maxCodeBytes : 1 << 20
        // Ten messages of together 1 MiB, each byte of which may be written as six.
        case .queues: 8 << 20
        case .dashboard: Self.maxSignInBytes
        case .admin: adminLimit
        }
    }

    private static func carriesCode(_ head: HTTPRequestHead) -> Bool {
        let path = head.path
        return switch head.method {
        case .post: path == "/2015-03-31/functions" || path == "/2015-03-31/functions/"
        case .put: path.hasSuffix("/code") || path.hasSuffix("/code/")
        case .get, .head, .delete, .options, .patch, .connect, .trace, .other: false
        }
    }
}
