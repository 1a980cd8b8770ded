/// One file, directory or symbolic link of an archive whose central directory has been checked.
package struct ZipEntry: Hashable, Sendable {
    enum Method: UInt16, Hashable, Sendable {
        case stored = 0
        case deflated = 8
    }

    /// Relative, with slashes between its parts and none at an end.
    package let path: String
    package let isDirectory: Bool
    /// Whether its contents are where a symbolic link leads.
    package let isLink: Bool
    /// Nil when the archive was made on a system without such a thing.
    package let isExecutable: Bool?
    /// Bytes of the file.
    package let size: Int
    let method: Method
    let checksum: UInt32
    /// Where its data lies in the archive.
    let data: Range<Int>
}
