import CCurl

/// One transfer that is under way: what libcurl's callbacks get as their context.
final class CurlTransfer {
    /// Why a callback stopped the transfer.
    enum Stop {
        case cancelled
        case refused
    }

    private(set) var stop: Stop?
    private var head: CurlResponseHead?
    private var isHeadDelivered = false
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
        guard !isHeadDelivered else { return }
        var line = bytes[...]
        while let last = line.last, last == 10 || last == 13 { line.removeLast() }
        if line.isEmpty { return finishHead() }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            head = CurlResponseHead(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            head?.headers.append((String(text[..<colon]), String(value)))
        }
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

    private func finishHead() {
        // An interim response (100, 103) is followed by the real one.
        guard let head, head.status >= 200 else { return }
        isHeadDelivered = true
        onHead(head)
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
