import CCurl
import Glibc

/// Owner of one libcurl multi handle, of its connections and its cache of names. It stays on the thread that made it.
struct MultiHandle: ~Copyable {
    /// Nil only when memory ran out; nothing can be added then.
    private let handle: UnsafeMutableRawPointer?

    /// - Parameter idleConnections: how many are kept open at most.
    init(idleConnections: Int) {
        handle = curl_multi_init()
        glo_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, max(1, idleConnections))
    }

    /// Every easy handle was removed before.
    deinit { curl_multi_cleanup(handle) }

    func add(_ easy: UnsafeMutableRawPointer) -> Bool { curl_multi_add_handle(handle, easy) == CURLM_OK }

    func remove(_ easy: UnsafeMutableRawPointer) { curl_multi_remove_handle(handle, easy) }

    /// Does what can be done without waiting.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(handle, &running)
    }

    /// The next transfer that libcurl is through with. It is still to be removed.
    func nextEnded() -> (transfer: OutboundTransfer, code: CURLcode)? {
        var code = CURLE_OK
        guard let easy = glo_curl_multi_next_ended(handle, &code), let context = glo_curl_private(easy) else {
            return nil
        }
        return (Unmanaged<OutboundTransfer>.fromOpaque(context).takeUnretainedValue(), code)
    }

    /// Waits for sockets, libcurl's timers, the event, or so many milliseconds. An event of one's own instead of
    /// `curl_multi_wakeup` keeps the handle on one thread.
    func wait(for event: borrowing WakeEvent, atMost milliseconds: Int) {
        // Without an event, of which the system may have none left, it looks for itself.
        let milliseconds = event.descriptor < 0 ? min(milliseconds, 50) : milliseconds
        var extra = curl_waitfd(fd: event.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        let code = curl_multi_poll(handle, &extra, 1, Int32(clamping: milliseconds), nil)
        // Without memory it returns at once; the loop must not spin on that.
        if code != CURLM_OK { usleep(10_000) }
    }
}
