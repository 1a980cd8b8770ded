import CCurl

/// Owner of one libcurl easy handle and of the memory that its options point to.
struct EasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private var fields: UnsafeMutablePointer<curl_slist>?
    private let errorBuffer: UnsafeMutablePointer<CChar>

    /// Nil when memory ran out.
    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        glo_curl_set_error_buffer(pointer, errorBuffer)
    }

    deinit {
        // The handle first: it reads the others.
        curl_easy_cleanup(pointer)
        curl_slist_free_all(fields)
        errorBuffer.deallocate()
    }

    /// What libcurl says about a failure; it may be empty.
    var reason: String { String(cString: errorBuffer) }

    /// Sets what the request says; false when memory ran out, or this libcurl lacks what keeps a request safe.
    mutating func configure(_ request: OutboundRequest, _ settings: OutboundSettings, timeoutMilliseconds: Int) -> Bool
    {
        let isRestricted = request.url.isSecure ? glo_curl_set_https_only(pointer) : glo_curl_set_http_only(pointer)
        guard isRestricted == CURLE_OK, set(CURLOPT_URL, "\(request.url)"), setFields(request), setBody(request) else {
            return false
        }
        // HTTP/2 where TLS agrees on it, else 1.1.
        let isConfigured = [
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
            set(CURLOPT_FOLLOWLOCATION, 0),
            // An empty name means no proxy, whatever the environment says.
            set(CURLOPT_PROXY, ""),
            set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            set(CURLOPT_SSL_VERIFYPEER, 1),
            set(CURLOPT_SSL_VERIFYHOST, 2),
            // Time limits by SIGALRM would hit any thread of the process.
            set(CURLOPT_NOSIGNAL, 1),
            set(CURLOPT_PATH_AS_IS, 1),
            set(CURLOPT_USERAGENT, settings.userAgent),
            set(CURLOPT_CONNECTTIMEOUT_MS, max(1, settings.connectTimeoutMilliseconds)),
            set(CURLOPT_TIMEOUT_MS, max(1, timeoutMilliseconds)),
        ]
        glo_curl_set_quick_exit(pointer)
        guard isConfigured.allSatisfy({ $0 }) else { return false }
        guard let path = settings.trustedCertificatesPath else { return true }
        return set(CURLOPT_CAINFO, path)
    }

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        glo_curl_set_long(pointer, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        glo_curl_set_string(pointer, option, value) == CURLE_OK
    }

    /// The request's fields in libcurl's form, without those that libcurl would add of its own accord.
    private mutating func setFields(_ request: OutboundRequest) -> Bool {
        // A field without a value is written with a semicolon; with a colon libcurl takes it for one to leave out.
        var lines = request.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        lines.append("Expect:")
        if !request.fields.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        for line in lines {
            guard let longer = curl_slist_append(fields, line) else { return false }
            fields = longer
        }
        return glo_curl_set_list(pointer, CURLOPT_HTTPHEADER, fields) == CURLE_OK
    }

    private func setBody(_ request: OutboundRequest) -> Bool {
        if request.method == "HEAD" { return set(CURLOPT_NOBODY, 1) }
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            // A copy, since the array may move. The size is set first, so that the copy does not end at a zero byte.
            let size = glo_curl_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            let copied = request.body.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress, !bytes.isEmpty else { return set(CURLOPT_COPYPOSTFIELDS, "") }
                return glo_curl_set_bytes(pointer, CURLOPT_COPYPOSTFIELDS, base) == CURLE_OK
            }
            guard size == CURLE_OK, copied else { return false }
        }
        return set(CURLOPT_CUSTOMREQUEST, request.method)
    }
}
