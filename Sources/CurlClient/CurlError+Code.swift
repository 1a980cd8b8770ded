import CCurl
import Glibc
import LinuxSystem

extension CurlError {
    /// What a `CURLcode` and the errno of connecting say about a request.
    init(_ code: CURLcode, errno number: Int, request: CurlRequest) {
        let place = request.unixSocketPath ?? request.url
        let reason = String(cString: curl_easy_strerror(code))
        let kind = Self.kind(of: code, errno: number)
        let (message, hint) =
            switch kind {
            case .couldNotConnect(let failure): Self.words(for: failure, place: place, errno: number, reason: reason)
            case .timedOut:
                (
                    "\(place) did not answer in \(request.timeoutMilliseconds.map { "\($0) ms" } ?? "time").",
                    "See whether the server behind it still runs."
                )
            case .tooLarge, .aborted, .disconnected, .other:
                ("The exchange with \(place) failed: \(reason).", "See whether the server behind it still runs.")
            }
        self.init(kind: kind, code: Int(code.rawValue), message: message, hint: hint)
    }

    private static func kind(of code: CURLcode, errno number: Int) -> Kind {
        switch code {
        case CURLE_COULDNT_CONNECT:
            switch Int32(truncatingIfNeeded: number) {
            case ENOENT: .couldNotConnect(.noSuchFile)
            case ECONNREFUSED: .couldNotConnect(.refused)
            case EACCES, EPERM: .couldNotConnect(.notPermitted)
            default: .couldNotConnect(.other)
            }
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .couldNotConnect(.other)
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY,
            CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            .disconnected
        default: .other
        }
    }

    private static func words(
        for failure: ConnectFailure, place: String, errno number: Int, reason: String
    ) -> (String, String) {
        switch failure {
        case .noSuchFile: ("There is no socket at \(place).", "Start the server that makes it, or name another path.")
        case .refused: ("Nobody listens at \(place).", "Start the server.")
        case .notPermitted:
            ("This user may not connect to \(place).", "Join the group that owns the socket, or run as its owner.")
        case .other:
            (
                "Cannot connect to \(place): \(number == 0 ? reason : SystemError.text(Int32(number))).",
                "See whether the server runs and whether the path is right."
            )
        }
    }
}
