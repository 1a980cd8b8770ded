import CCurl

/// One transfer that is under way: what libcurl's callbacks get as their context.
final class CurlTransfer {
    /// Why a callback stopped the transfer.
    enum Stop {
        case cancelled
        case refused
    }

    private(set) var stop: Stop?
    private var reader = CurlHeadReader()
    private let cancellation: Cancellation?
    private let onHead: (CurlResponseHead) -> Void
    private let onData: (UnsafeRawBufferPointer) -> Bool

    init(
        cancellation: Cancellation?, onHead: @escaping (CurlResponseHead) -> Void,
        onData: @escaping (UnsafeRawBufferPointer) -> Bool
    ) {
        self.cancellation = cancellation
        self.onHead = onHead
        self.onData = onData
    }

    /// Takes one line of a head, or of trailers, which come after the body and are dropped.
    func takeHeaderLine(_ bytes: UnsafeRawBufferPointer) {
        if let head = reader.take(bytes) { onHead(head) }
    }

    /// False when the transfer shall stop.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if cancellation?.isCancelled == true {
            stop = .cancelled
            return false
        }
        if !onData(bytes) {
            stop = .refused
            return false
        }
        return true
    }

    /// False when the transfer shall stop. libcurl asks at least once a second.
    func goesOn() -> Bool {
        guard cancellation?.isCancelled == true else { return true }
        stop = .cancelled
        return false
    }
}

/// The callbacks themselves; `context` is an unretained `CurlTransfer` that ``CurlSession`` keeps alive.
extension CurlTransfer {
    static let headerCallback: glo_curl_sink = { bytes, size, count, context in
        guard let context else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        transfer.takeHeaderLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    }

    static let bodyCallback: glo_curl_sink = { bytes, size, count, context in
        guard let context, size * count > 0 else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
    }

    static let progressCallback: glo_curl_progress = { context, _, _, _, _ in
        guard let context else { return 1 }
        return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().goesOn() ? 0 : 1
    }
}
