import CLinux

/// How the C library's allocator keeps memory.
enum AllocatorSettings {
    /// By default glibc raises both limits as soon as something large is freed, up to 32 and 64 MiB: after a few large
    /// bodies every later one lies in the heaps, and what stands behind it keeps the heap from shrinking. With fixed
    /// limits large buffers are mappings of their own, which go back when they are freed.
    static func giveLargeBuffersBack() { clinux_fix_allocator(256 << 10, 4 << 20) }
}
