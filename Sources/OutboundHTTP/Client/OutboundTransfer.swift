import CCurl
import CurlClient
import Glibc
import LinuxSystem

/// One request under way, and what libcurl's callbacks get as their context. It lives on the loop's thread.
final class OutboundTransfer {
    let job: OutboundJob
    private let settings: OutboundSettings
    private var easy: EasyHandle?
    /// What libcurl holds of this object; from `begin` to `end`.
    private var context: Unmanaged<OutboundTransfer>?
    private var isAdded = false

    private var reader = CurlHeadReader()
    private var response = OutboundResponse(head: CurlResponseHead(status: 0))
    private var headBytes = 0
    private var droppedBytes = 0
    private var isHeadTooLarge = false
    private var isEnoughRead = false
    private var openedSockets = 0
    /// The first address that was refused, with the reason.
    private var refusal: String?

    init(_ job: OutboundJob, _ settings: OutboundSettings) {
        self.job = job
        self.settings = settings
        easy = EasyHandle()
    }

    /// Gives the request to libcurl; `end` must follow, also when this is false.
    func begin(in multi: borrowing MultiHandle, now: Int) -> Bool {
        let isConfigured = easy?.configure(job.request, settings, timeoutMilliseconds: job.deadline - now)
        guard isConfigured == true, let pointer = easy?.pointer else { return false }
        let context = Unmanaged.passRetained(self)
        self.context = context
        glo_curl_set_callbacks(
            pointer, Self.headerCallback, Self.bodyCallback, Self.progressCallback, context.toOpaque())
        glo_curl_set_guard(pointer, Self.openSocketCallback, context.toOpaque())
        isAdded = multi.add(pointer)
        return isAdded
    }

    /// Takes the request away from libcurl, finished or not.
    func end(in multi: borrowing MultiHandle) {
        if isAdded, let pointer = easy?.pointer { multi.remove(pointer) }
        isAdded = false
        context?.release()
        context = nil
    }

    /// What came of it, when libcurl is through with it.
    func result(_ code: CURLcode) -> Result<OutboundResponse, OutboundError> {
        if code == CURLE_OK || isEnoughRead { return .success(response) }
        let origin = job.request.url.origin
        if isHeadTooLarge {
            return .failure(
                OutboundError(
                    code: .tooLarge,
                    message: "The header fields of \(origin) have more than \(settings.maxHeadBytes) bytes.",
                    hint: "Let the receiver send fewer."))
        }
        if openedSockets == 0, code == CURLE_COULDNT_CONNECT, let refusal {
            return .failure(
                OutboundError(
                    code: .addressRefused, message: "\(origin) was not connected to: \(refusal).",
                    hint: "If that host is yours, allow its address in the settings of outgoing requests."))
        }
        let said = easy?.reason ?? ""
        let reason = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        return .failure(
            OutboundError(code, reason: reason, origin: origin, timeoutMilliseconds: job.request.timeoutMilliseconds))
    }

    /// Decides at the last moment, on the address itself, so that no name can resolve to something else meanwhile.
    fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let value = address.pointee
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return -1 }
        // The address is longer than the `sockaddr` that it is declared as: libcurl allots it a whole storage.
        let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + offset, count: Int(value.addrlen))
        guard let ip = IPAddress(socketAddress: bytes) else { return refuse("its address is not an IP address") }
        if let reason = settings.addressRule.refusal(of: ip) { return refuse("\(ip) is \(reason)") }
        openedSockets += 1
        return socket(value.family, value.socktype | Int32(SOCK_CLOEXEC.rawValue), value.protocol)
    }

    private func refuse(_ reason: String) -> curl_socket_t {
        refusal = refusal ?? reason
        return -1
    }

    /// False when the transfer shall stop.
    fileprivate func takeHeaderLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headBytes += bytes.count
        guard headBytes <= settings.maxHeadBytes else {
            isHeadTooLarge = true
            return false
        }
        if let head = reader.take(bytes) { response.head = head }
        return true
    }

    /// False when the transfer shall stop.
    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let kept = min(bytes.count, max(0, settings.maxResponseBytes - response.body.count))
        response.body.append(contentsOf: bytes.prefix(kept))
        guard kept < bytes.count else { return true }
        response.isBodyTruncated = true
        droppedBytes += bytes.count - kept
        isEnoughRead = droppedBytes > settings.maxDroppedBytes
        return !isEnoughRead
    }
}

/// The callbacks themselves; `context` is what ``begin(in:now:)`` retained.
extension OutboundTransfer {
    private static let headerCallback: glo_curl_sink = { bytes, size, count, context in
        guard let context else { return 0 }
        let transfer = Unmanaged<OutboundTransfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.takeHeaderLine(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    private static let bodyCallback: glo_curl_sink = { bytes, size, count, context in
        guard let context else { return 0 }
        let transfer = Unmanaged<OutboundTransfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    /// Cancelling takes the transfer out of libcurl, so nothing is asked here.
    private static let progressCallback: glo_curl_progress = { _, _, _, _, _ in 0 }

    private static let openSocketCallback: curl_opensocket_callback = { context, _, address in
        guard let context, let address else { return -1 }
        return Unmanaged<OutboundTransfer>.fromOpaque(context).takeUnretainedValue().openSocket(address)
    }
}
