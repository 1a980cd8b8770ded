import CLinux

/// Gives freed memory back to the kernel: the allocator keeps what many functions or large bodies used once, page by page
/// between what is still in use.
struct HeapWatch {
    /// Less than this is not worth the locks.
    private static let worthwhileBytes = 16 << 20
    private static let pause = Duration.seconds(15)

    /// What was free when it was given back last, or what has been free at the least since.
    private var returned = 0

    init() {}

    /// So much is free now. True when it is worth giving back.
    mutating func isWorthwhile(freeBytes: Int) -> Bool {
        returned = min(returned, freeBytes)
        guard freeBytes - returned > Self.worthwhileBytes else { return false }
        returned = freeBytes
        return true
    }

    /// Looks now and then, until the task is cancelled.
    static func run() async {
        var watch = HeapWatch()
        while (try? await Task.sleep(for: pause)) != nil {
            if watch.isWorthwhile(freeBytes: Int(clinux_free_heap_bytes())) { clinux_return_free_heap() }
        }
    }
}
