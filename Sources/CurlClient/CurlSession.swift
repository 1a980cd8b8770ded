import CCurl

/// Owner of one libcurl easy handle and of the connections that it keeps. A call blocks its thread, so use it on one
/// that may block, such as a ``BlockingPool``'s; it belongs to one thread at a time.
package struct CurlSession: ~Copyable {
    /// Nil only when memory ran out; every request then fails.
    private let handle: UnsafeMutableRawPointer?

    package init() {
        CurlClient.initialize()
        handle = curl_easy_init()
    }

    deinit { curl_easy_cleanup(handle) }

    /// Makes one request and collects its response. A status of 400 and above is a response, not an error.
    package func perform(
        _ request: CurlRequest, cancellation: Cancellation? = nil
    ) throws(CurlError) -> CurlResponse {
        var head = CurlResponseHead(status: 0)
        var body: [UInt8] = []
        var isTooLarge = false
        do throws(CurlError) {
            try stream(
                request, cancellation: cancellation, onHead: { head = $0 },
                onData: { bytes in
                    isTooLarge = body.count + bytes.count > request.maxResponseBytes
                    if !isTooLarge { body.append(contentsOf: bytes) }
                    return !isTooLarge
                })
        } catch {
            guard isTooLarge else { throw error }
            throw CurlError(
                kind: .tooLarge, code: error.code,
                message: "The response of \(request.url) has more than \(request.maxResponseBytes) bytes.",
                hint: "Ask for less, or allow more.")
        }
        return CurlResponse(head: head, body: body)
    }

    /// Makes one request and hands on its response as it comes: `onHead` once, then `onData` for each piece.
    /// False from `onData` ends it with an error of kind `aborted`, as `cancellation` does within a second.
    package func stream(
        _ request: CurlRequest, cancellation: Cancellation? = nil, onHead: (CurlResponseHead) -> Void,
        onData: (UnsafeRawBufferPointer) -> Bool
    ) throws(CurlError) {
        let result: Result<Void, CurlError> = withoutActuallyEscaping(onHead) { onHead in
            withoutActuallyEscaping(onData) { onData in
                run(request, CurlTransfer(cancellation: cancellation, onHead: onHead, onData: onData))
            }
        }
        try result.get()
    }

    private func run(_ request: CurlRequest, _ transfer: consuming CurlTransfer) -> Result<Void, CurlError> {
        guard let handle else {
            return .failure(
                CurlError(
                    kind: .other, code: Int(CURLE_OUT_OF_MEMORY.rawValue), message: "libcurl has no memory left.",
                    hint: "Free memory on this host."))
        }
        let context = Unmanaged.passRetained(transfer)
        var fields: UnsafeMutablePointer<curl_slist>?
        defer {
            // Keeps the connections and forgets every option, the pointers to `context` and `fields` among them.
            curl_easy_reset(handle)
            curl_slist_free_all(fields)
            context.release()
        }
        fields = Self.list(of: request)
        configure(handle, for: request, fields: fields)
        glo_curl_set_callbacks(
            handle, CurlTransfer.headerCallback, CurlTransfer.bodyCallback, CurlTransfer.progressCallback,
            context.toOpaque())
        let code = performing(handle, body: request.body, method: request.method)
        if code == CURLE_OK { return .success(()) }
        if let stop = transfer.stop { return .failure(Self.aborted(stop, code: code, request: request)) }
        return .failure(CurlError(code, errno: glo_curl_os_errno(handle), request: request))
    }

    /// libcurl reads the body where it lies, so it must not move before the transfer is over.
    private func performing(_ handle: UnsafeMutableRawPointer, body: [UInt8]?, method: String) -> CURLcode {
        guard let body else {
            // A POST or PUT without a body says so by `Content-Length: 0`.
            if method == "POST" || method == "PUT" || method == "PATCH" {
                glo_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0)
                glo_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
            }
            glo_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, method)
            return curl_easy_perform(handle)
        }
        return body.withUnsafeBytes { bytes in
            glo_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            if let base = bytes.baseAddress {
                glo_curl_set_bytes(handle, CURLOPT_POSTFIELDS, base)
            } else {
                glo_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
            }
            glo_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, method)
            return curl_easy_perform(handle)
        }
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer, for request: CurlRequest, fields: UnsafeMutablePointer<curl_slist>?
    ) {
        glo_curl_set_string(handle, CURLOPT_URL, request.url)
        _ = glo_curl_set_http_only(handle)
        glo_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // Time limits by SIGALRM would hit any thread of the process.
        glo_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        // An empty name means no proxy, whatever the environment says.
        glo_curl_set_string(handle, CURLOPT_PROXY, "")
        glo_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeoutMilliseconds))
        if let path = request.unixSocketPath { glo_curl_set_string(handle, CURLOPT_UNIX_SOCKET_PATH, path) }
        if let timeout = request.timeoutMilliseconds { glo_curl_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, timeout)) }
        if let stall = request.stallTimeoutSeconds {
            glo_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            glo_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, stall))
        }
        if request.method == "HEAD" { glo_curl_set_long(handle, CURLOPT_NOBODY, 1) }
        if let fields { glo_curl_set_list(handle, CURLOPT_HTTPHEADER, fields) }
    }

    /// The request's fields in libcurl's form, without those that libcurl would add of its own accord.
    private static func list(of request: CurlRequest) -> UnsafeMutablePointer<curl_slist>? {
        var lines = request.headers.map { "\($0.name): \($0.value)" }
        lines.append("Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else { continue }
            list = longer
        }
        return list
    }

    private static func aborted(_ stop: CurlTransfer.Stop, code: CURLcode, request: CurlRequest) -> CurlError {
        let message =
            switch stop {
            case .cancelled: "The request to \(request.url) was cancelled."
            case .refused: "The response of \(request.url) was not read to its end."
            }
        return CurlError(kind: .aborted, code: Int(code.rawValue), message: message, hint: "")
    }
}
