/// How much an archive may hold.
package struct ZipLimits: Hashable, Sendable {
    /// Bytes of the archive itself. Lambda's limit for a direct upload.
    package var archiveBytes = 52_428_800
    /// Bytes of all files. Lambda's limit.
    package var unzippedBytes = 262_144_000
    /// Files and directories, those included that only a path names.
    package var entries = 10_000
    /// Directories in each other.
    package var depth = 31
    /// Bytes of a path.
    package var pathBytes = 1_024
    /// Bytes of what a symbolic link says.
    package var linkBytes = 4_095

    package init() {}
}
