import Glibc
import LinuxSystem

/// What lies in the functions directory under one name.
package struct FunctionSource: Sendable, Hashable {
    /// The name in the functions directory.
    package let entry: String
    package let isDirectory: Bool
    /// The text of its `function.yaml`; nil when it has none.
    package let manifestText: String?
    /// The newest of its own and its manifest's time of modification; Unix time in milliseconds.
    package let modifiedMilliseconds: Int64

    /// Nil when nothing of this name is there.
    package static func read(_ entry: String, in functionsDirectory: String) throws(FunctionWriteError)
        -> FunctionSource?
    {
        do throws(SystemCallError) {
            let directory = try FileDescriptor.directory(functionsDirectory)
            guard let status = try directory.status(of: entry) else { return nil }
            guard status.kind == .directory else {
                return FunctionSource(
                    entry: entry, isDirectory: false, manifestText: nil,
                    modifiedMilliseconds: status.modifiedNanoseconds / 1_000_000)
            }
            let manifest = try manifest(entry, directory)
            let newest = max(status.modifiedNanoseconds, manifest?.modifiedNanoseconds ?? 0)
            return FunctionSource(
                entry: entry, isDirectory: true, manifestText: manifest?.text, modifiedMilliseconds: newest / 1_000_000)
        } catch {
            throw FunctionWriteError(error)
        }
    }

    private static func manifest(_ entry: String, _ directory: borrowing FileDescriptor) throws(SystemCallError) -> (
        text: String, modifiedNanoseconds: Int64
    )? {
        let path = "\(entry)/\(FunctionInspector.manifestName)"
        do throws(SystemCallError) {
            let file = try directory.open(beneath: path)
            let bytes = try file.bytes(count: ManifestParser.sizeLimit + 1, path)
            return (String(decoding: bytes, as: UTF8.self), try file.status(path).modifiedNanoseconds)
        } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
    }
}
