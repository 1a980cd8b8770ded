/// What a socket's buffers hold: the answer of Linux to `SO_MEMINFO` (`SK_MEMINFO_VARS` in linux/sock_diag.h).
struct SocketMemory: Sendable {
    static let option: CInt = 55

    /// Bytes that have arrived and that nobody has read, as the kernel accounts for them.
    var received: UInt32 = 0
    private var others: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0, 0, 0, 0)
}
