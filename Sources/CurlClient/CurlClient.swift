import CCurl

/// Blocking HTTP requests by libcurl.
package enum CurlClient {
    /// Prepares libcurl. Call it once in `main`, before the first thread that makes a request; later calls do nothing.
    package static func initialize() { _ = initialized }

    /// Before 7.84 `curl_global_init` is not thread-safe; a static makes one call of it, whoever comes first.
    private static let initialized: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}
