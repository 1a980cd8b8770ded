private import CLinux
private import Synchronization

/// Owns one file descriptor: it is closed with the last reference, unless somebody has taken it.
package final class OwnedDescriptor: Sendable {
    private static let none: Int32 = -1
    private let value: Atomic<Int32>

    /// Takes over an open descriptor.
    package init(owning descriptor: Int32) { value = Atomic(descriptor) }

    deinit { close() }

    /// The descriptor, for use while this object lives; -1 when it was taken or closed.
    package var raw: Int32 { value.load(ordering: .acquiring) }

    /// Hands the descriptor and the duty to close it to the caller; -1 when it was taken or closed before.
    package func take() -> Int32 { value.exchange(Self.none, ordering: .acquiringAndReleasing) }

    /// Closes it now; more than once is harmless.
    package func close() {
        let descriptor = take()
        if descriptor >= 0 { _ = CLinux.close(descriptor) }
    }
}
