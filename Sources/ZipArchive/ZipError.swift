/// Why an archive is refused. Nothing of it has been written then, or the directory that it was written to is no good.
package struct ZipError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The bytes are no archive.
        case notAnArchive
        /// The archive contradicts itself, or its checksums do not hold.
        case damaged
        /// A form that is not read: encryption, ZIP64, another compression than deflate, several disks.
        case unsupported
        /// An entry that would leave the directory, or is no plain file or directory.
        case unsafe
        case tooLarge
        /// The disk failed.
        case writeFailed
    }

    package let code: Code
    /// What is wrong, in words.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
