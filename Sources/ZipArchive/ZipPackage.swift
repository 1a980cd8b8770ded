import CZlib
import FunctionModel
import Glibc

/// An archive whose entries are all known to be harmless: making one reads the directory and writes nothing.
package struct ZipPackage: Sendable {
    /// Files, directories and links in the archive's order.
    package let entries: [ZipEntry]
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8], limits: ZipLimits = ZipLimits()) throws(ZipError) {
        entries = try ZipDirectory(bytes, limits: limits).entries
        self.bytes = bytes
    }

    /// Bytes of the archive.
    package var archiveSize: Int { bytes.count }

    /// One file's bytes; nil when there is none of this path. A link is no file.
    ///
    /// - Throws: `tooLarge` beyond `limit` bytes, `damaged`.
    package func contents(of path: String, limit: Int) throws(ZipError) -> [UInt8]? {
        guard let entry = entries.first(where: { $0.path == path && !$0.isDirectory && !$0.isLink }) else { return nil }
        guard entry.size <= limit else {
            throw ZipError(.tooLarge, "\(ZipPath.shown(path)) has more than \(limit) bytes")
        }
        var contents: [UInt8] = []
        try read(entry, Inflater()) { (piece) throws(ZipError) in contents += piece }
        return contents
    }

    /// Writes everything into an empty directory. Files can be read by everybody and written by their owner. Links are
    /// made last, so that nothing is written through one.
    ///
    /// - Parameters:
    ///   - skipped: paths of files that are left out.
    ///   - isExecutable: decides about a file, given what the archive says of it.
    /// - Returns: the paths of links that lead out of a function's files, which are left out.
    /// - Throws: `damaged`, `unsafe` or `writeFailed`; what was written until then stays.
    @discardableResult
    package func extract(
        to directory: String, skipping skipped: Set<String> = [], isExecutable: (ZipEntry) -> Bool
    ) throws(ZipError) -> [String] {
        var made: Set<String> = []
        let inflater = try Inflater()
        for entry in entries where !skipped.contains(entry.path) {
            let parent = entry.isDirectory ? entry.path[...] : Self.parent(of: entry.path)
            try makeDirectories(parent, in: directory, &made)
            guard !entry.isDirectory, !entry.isLink else { continue }
            let file = try NewFile("\(directory)/\(entry.path)", mode: isExecutable(entry) ? 0o755 : 0o644)
            try read(entry, inflater) { (piece) throws(ZipError) in try file.write(piece) }
        }
        return try makeLinks(in: directory, skipping: skipped, inflater)
    }

    private func makeLinks(in directory: String, skipping skipped: Set<String>, _ inflater: borrowing Inflater)
        throws(ZipError) -> [String]
    {
        var found: [(path: String, target: String)] = []
        for entry in entries where entry.isLink && !skipped.contains(entry.path) {
            var bytes: [UInt8] = []
            try read(entry, inflater) { (piece) throws(ZipError) in bytes += piece }
            guard let target = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                throw ZipError(.unsafe, "the symbolic link \(ZipPath.shown(entry.path)) leads to no path in UTF-8")
            }
            found.append((entry.path, target))
        }
        let links = LinkMap(found)
        var leftOut: [String] = []
        for (path, target) in found {
            guard links.isKept(path) else {
                leftOut.append(path)
                continue
            }
            guard symlink(target, "\(directory)/\(path)") == 0 else {
                throw NewFile.failed("make", "\(directory)/\(path)")
            }
        }
        return leftOut
    }

    private func read(
        _ entry: ZipEntry, _ inflater: borrowing Inflater, _ sink: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        var checksum: UInt = 0
        var failure: ZipError?
        bytes.withUnsafeBytes { all in
            let data = UnsafeRawBufferPointer(rebasing: all[entry.data])
            func take(_ piece: UnsafeRawBufferPointer) throws(ZipError) {
                checksum = crc32_z(checksum, piece.bindMemory(to: UInt8.self).baseAddress, piece.count)
                try sink(piece)
            }
            do throws(ZipError) {
                switch entry.method {
                case .stored: if !data.isEmpty { try take(data) }
                case .deflated: try inflater.inflate(data, size: entry.size, take)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard checksum == UInt(entry.checksum) else {
            throw ZipError(.damaged, "the checksum of \(ZipPath.shown(entry.path)) does not hold")
        }
    }

    private static func parent(of path: String) -> Substring {
        path.lastIndex(of: "/").map { path[..<$0] } ?? ""
    }

    /// No link is there yet, so no part of a path leads anywhere else.
    private func makeDirectories(_ path: Substring, in root: String, _ made: inout Set<String>) throws(ZipError) {
        guard !path.isEmpty, !made.contains(String(path)) else { return }
        try makeDirectories(Self.parent(of: String(path)), in: root, &made)
        guard mkdir("\(root)/\(path)", 0o755) == 0, chmod("\(root)/\(path)", 0o755) == 0 else {
            throw NewFile.failed("make", "\(root)/\(path)")
        }
        made.insert(String(path))
    }
}
