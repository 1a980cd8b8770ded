import Glibc

/// An open file, open(2), that is closed when its owner goes away.
package struct FileDescriptor: ~Copyable, Sendable {
    /// Negative when there is none.
    package let number: Int32

    /// Takes over an open descriptor; or a negative number, what a call that failed gave, and then nothing is closed.
    package init(owning number: Int32) { self.number = number }

    deinit { if number >= 0 { close(number) } }

    package var isOpen: Bool { number >= 0 }
}
