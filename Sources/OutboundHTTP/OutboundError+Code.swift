import CCurl

extension OutboundError {
    /// What a `CURLcode` and libcurl's words say about a request to `origin`.
    init(_ code: CURLcode, reason: String, origin: String, timeoutMilliseconds: Int) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(
                code: .resolutionFailed, message: "The name in \(origin) has no address: \(reason).",
                hint: "See whether the name is right and this host's DNS works.")
        case CURLE_OPERATION_TIMEDOUT:
            self.init(
                code: .timedOut, message: "\(origin) did not answer in time (\(timeoutMilliseconds) ms): \(reason).",
                hint: "See whether the receiver is overloaded; it should answer first and work later.")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self.init(
                code: .tls, message: "No safe connection to \(origin): \(reason).",
                hint: "Give the receiver a certificate of a public authority for its name, or trust its own.")
        case CURLE_SSL_CACERT_BADFILE:
            self.init(
                code: .tls, message: "No certificates to check \(origin) by: \(reason).",
                hint: "Install the package ca-certificates, or see whether the file that is configured is there.")
        case CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE,
            CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self.init(
                code: .connectionFailed, message: "The exchange with \(origin) failed: \(reason).",
                hint: "See whether the receiver runs and can be reached from here.")
        default:
            self.init(code: .other, message: "The exchange with \(origin) failed: \(reason).")
        }
    }
}
