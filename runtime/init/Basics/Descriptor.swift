import CLibrary
import CLinux

/// Owns one file descriptor, or none; closed at the end of its life.
struct Descriptor: ~Copyable {
    /// -1 when there is none.
    private(set) var raw: Int32

    /// Takes over what a system call returned, also its -1.
    init(owning raw: Int32) { self.raw = raw }

    init() { raw = -1 }

    deinit { if raw >= 0 { _ = CLibrary.close(raw) } }

    var isOpen: Bool { raw >= 0 }

    mutating func close() {
        if raw >= 0 { _ = CLibrary.close(raw) }
        raw = -1
    }

    /// Hands the descriptor and the duty to close it to the caller.
    mutating func take() -> Int32 {
        defer { raw = -1 }
        return raw
    }
}
