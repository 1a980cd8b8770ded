import Glibc
import Synchronization

/// One file descriptor that several hold: it is closed, close(2), with the last reference, unless somebody has taken it.
/// What one alone holds is a ``FileDescriptor``.
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
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Closes it on a thread of its own: one that somebody else still has may be made to wait for its close.
    package func closeElsewhere() {
        let descriptor = take()
        guard descriptor >= 0 else { return }
        do throws(SystemError) {
            _ = try DedicatedThread { _ = Glibc.close(descriptor) }
        } catch {
            _ = Glibc.close(descriptor)
        }
    }
}
