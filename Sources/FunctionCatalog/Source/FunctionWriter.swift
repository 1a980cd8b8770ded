package import FunctionModel
import CLinux
import Glibc
import LinuxSystem

/// Writes functions into the functions directory, each in one step: whoever looks sees all of it, or what was before.
///
/// It does one thing after the other, on a thread of its own, since disks are slow.
package actor FunctionWriter {
    /// Where functions are put together, on the same file system. The catalogue does not look at hidden names.
    private static let workshop = ".glo"

    package nonisolated let functionsDirectory: String

    private nonisolated let executor = SerialQueueExecutor(label: "glo.writer")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(functionsDirectory: String) { self.functionsDirectory = functionsDirectory }

    /// Fills a directory, given its path. Whatever it throws leaves nothing behind.
    package typealias Filling = @Sendable (_ path: String) throws(FunctionWriteError) -> Void

    /// Writes a function that was not there.
    package func create(_ name: FunctionName, _ fill: Filling) throws(FunctionWriteError) {
        let target = "\(functionsDirectory)/\(name)"
        try inWorkshop(name) { (draft) throws(FunctionWriteError) in
            try fill(draft)
            try Self.finish(draft)
            let result = clinux_rename_new(draft, target)
            guard result != -EEXIST && result != -ENOTEMPTY else {
                throw FunctionWriteError(.exists, "\(target) exists already")
            }
            try Self.check(result, "rename", target)
        }
    }

    /// Writes all files of a function anew, but for its manifest, which `fill` need not write.
    ///
    /// - Parameter entry: its present name in the functions directory, which becomes the function's own name.
    package func replace(_ name: FunctionName, entry: String, _ fill: Filling) throws(FunctionWriteError) {
        guard let source = try FunctionSource.read(entry, in: functionsDirectory) else { throw Self.notFound(entry) }
        try inWorkshop(name) { (draft) throws(FunctionWriteError) in
            try fill(draft)
            if let text = source.manifestText { try Self.write(text, to: "\(draft)/\(FunctionInspector.manifestName)") }
            try Self.finish(draft)
            try put(draft, as: name, over: entry)
        }
    }

    /// Changes a function's manifest; one that was dropped as a file becomes a directory for it.
    ///
    /// - Returns: whether there was anything to change.
    /// - Throws: `manifestInvalid` when Glo would not accept the result, with all that is wrong with it.
    @discardableResult
    package func edit(
        _ name: FunctionName, entry: String,
        _ change: @Sendable (inout ManifestEditor) throws(FunctionWriteError) -> Void
    ) throws(FunctionWriteError) -> Bool {
        guard let source = try FunctionSource.read(entry, in: functionsDirectory) else { throw Self.notFound(entry) }
        var editor = try ManifestEditor(source.manifestText ?? "")
        try change(&editor)
        guard editor.isChanged else { return false }
        let text = try editor.text()
        try Self.validate(text)
        guard source.isDirectory else {
            try makeDirectory(name, entry, text)
            return true
        }
        do throws(SystemCallError) {
            try FileOperations.replace(
                FunctionInspector.manifestName, in: "\(functionsDirectory)/\(entry)", with: Array(text.utf8))
        } catch {
            throw FunctionWriteError(error)
        }
        return true
    }

    /// Removes what lies there.
    package func remove(_ entry: String) throws(FunctionWriteError) {
        guard try FunctionSource.read(entry, in: functionsDirectory) != nil else { throw Self.notFound(entry) }
        // First out of sight in one step, then piece by piece.
        let path = "\(functionsDirectory)/\(entry)"
        do throws(SystemCallError) {
            try FileOperations.makeDirectories(workshopPath, mode: 0o700)
            defer { rmdir(workshopPath) }
            let hidden = "\(workshopPath)/removed"
            try FileOperations.removeTree(hidden)
            guard rename(path, hidden) == 0 else {
                throw SystemCallError(call: "rename", path: path, number: errno)
            }
            try FileOperations.removeTree(hidden)
        } catch {
            throw FunctionWriteError(error)
        }
    }

    // MARK: For who fills a directory

    /// Writes a manifest or another small text.
    package static func write(_ text: String, to path: String) throws(FunctionWriteError) {
        guard let parent = FileOperations.parent(of: path) else { return }
        do throws(SystemCallError) {
            try FileOperations.replace(FileOperations.name(of: path), in: parent, with: Array(text.utf8))
        } catch {
            throw FunctionWriteError(error)
        }
    }

    /// - Throws: `manifestInvalid` with all that is wrong with the text.
    package static func validate(_ text: String) throws(FunctionWriteError) {
        let problems = ManifestEditor.parse(text).problems
        guard !problems.isEmpty else { return }
        throw FunctionWriteError(.manifestInvalid, problems.map(\.description).joined(separator: "; "))
    }

    // MARK: Internals

    private var workshopPath: String { "\(functionsDirectory)/\(Self.workshop)" }

    private func inWorkshop(_ name: FunctionName, _ work: (_ path: String) throws(FunctionWriteError) -> Void)
        throws(FunctionWriteError)
    {
        let draft = "\(workshopPath)/\(name)"
        do throws(SystemCallError) {
            try FileOperations.makeDirectories(workshopPath, mode: 0o700)
            try FileOperations.removeTree(draft)
            try FileOperations.makeDirectories(draft)
        } catch {
            throw FunctionWriteError(error)
        }
        chmod(draft, 0o755)
        defer {
            // After an exchange it holds what was there before.
            try? FileOperations.removeTree(draft)
            rmdir(workshopPath)
        }
        try work(draft)
    }

    /// Makes the draft survive a power cut before anything points to it.
    private static func finish(_ draft: String) throws(FunctionWriteError) {
        do throws(SystemCallError) {
            try FileDescriptor.directory(draft).synchronizeFileSystem(draft)
        } catch {
            throw FunctionWriteError(error)
        }
    }

    private func put(_ draft: String, as name: FunctionName, over entry: String) throws(FunctionWriteError) {
        let target = "\(functionsDirectory)/\(name)"
        if entry == name.rawValue {
            let result = clinux_exchange(draft, target)
            if result != -EINVAL && result != -ENOSYS { return try Self.check(result, "exchange", target) }
            // A file system that cannot exchange: for a moment there is nothing, which the catalogue waits out.
            let old = "\(draft).old"
            try Self.check(clinux_rename_new(target, old), "rename", target)
            defer { try? FileOperations.removeTree(old) }
            return try Self.check(clinux_rename_new(draft, target), "rename", target)
        }
        // `hello.py` becomes `hello/`: both are there for a moment, and the first one goes on.
        try Self.check(clinux_rename_new(draft, target), "rename", target)
        try? FileOperations.removeTree("\(functionsDirectory)/\(entry)")
    }

    private func makeDirectory(_ name: FunctionName, _ entry: String, _ manifest: String) throws(FunctionWriteError) {
        let file = "\(functionsDirectory)/\(entry)"
        try inWorkshop(name) { (draft) throws(FunctionWriteError) in
            guard link(file, "\(draft)/\(entry)") == 0 else {
                throw FunctionWriteError(SystemCallError(call: "link", path: file, number: errno))
            }
            try Self.write(manifest, to: "\(draft)/\(FunctionInspector.manifestName)")
            try Self.finish(draft)
            try put(draft, as: name, over: entry)
        }
    }

    private static func check(_ result: Int32, _ call: String, _ path: String) throws(FunctionWriteError) {
        guard result < 0 else { return }
        throw FunctionWriteError(SystemCallError(call: call, path: path, number: -result))
    }

    private static func notFound(_ entry: String) -> FunctionWriteError {
        FunctionWriteError(.notFound, "\(entry) is not in the functions directory any more")
    }
}
