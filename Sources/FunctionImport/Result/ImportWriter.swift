import Foundation
import Glibc
import ZipArchive

/// Writes an imported function into the functions directory: all of it in one step, and never over something that is
/// there.
package struct ImportWriter {
    /// The directory of the imported file.
    let sourceDirectory: String
    let functionsDirectory: String
    /// The imported file's name, for the manifest's first line.
    let sourceName: String

    /// What is not copied: the tools' own files and histories.
    private static let skipped: Set<String> = [
        ".git", ".hg", ".svn", ".aws-sam", ".serverless", ".fn", ".DS_Store", "__pycache__", ".venv", "venv",
    ]

    package init(sourceDirectory: String, functionsDirectory: String, sourceName: String) {
        self.sourceDirectory = sourceDirectory
        self.functionsDirectory = functionsDirectory
        self.sourceName = sourceName
    }

    package func path(of function: ImportedFunction) -> String { "\(functionsDirectory)/\(function.name)" }

    /// - Throws: when something of that name is there, or when a file cannot be read or written; nothing is left then.
    package func write(_ function: ImportedFunction) throws(ImportError) {
        let target = path(of: function)
        guard access(target, F_OK) != 0 else {
            throw ImportError("\(target) exists already", hint: "move it away, or name another --directory")
        }
        // A controller looks past names that begin with a dot, so it sees the function when it is whole.
        let draft = "\(functionsDirectory)/.\(function.name).import-\(getpid())"
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
            chmod(draft, 0o755)
            if let source = function.sourceDirectory { try copy(source, to: draft) }
            if let archive = function.sourceArchive { try unpack(archive, to: draft) }
            for file in function.files { try write(file.contents, to: "\(draft)/\(file.name)") }
            try write(try function.manifest.text(source: sourceName), to: "\(draft)/function.yaml")
            try files.moveItem(atPath: draft, toPath: target)
        } catch {
            try? files.removeItem(atPath: draft)
            if let error = error as? ImportError { throw error }
            throw ImportError("\(target) cannot be written: \(error.localizedDescription)")
        }
    }

    /// A built package, looked through before anything of it is written.
    private func unpack(_ relative: String, to draft: String) throws(ImportError) {
        let path = absolute(relative)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ImportError(
                "the archive \(path) does not exist", hint: "build it first, or import from where it lies")
        }
        do throws(ZipError) {
            try ZipPackage([UInt8](data)).extract(to: draft, skipping: ["function.yaml"]) { entry in
                entry.path == "bootstrap" || entry.isExecutable == true
            }
        } catch {
            throw ImportError("the archive \(path) cannot be unpacked: \(error.message)")
        }
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(sourceDirectory)/\(path)" }

    private func copy(_ relative: String, to draft: String) throws {
        let source = absolute(relative)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw ImportError("the code directory \(source) does not exist", hint: "import from where the code lies")
        }
        let functions = URL(fileURLWithPath: functionsDirectory).standardizedFileURL.path
        for name in try FileManager.default.contentsOfDirectory(atPath: source) where !Self.skipped.contains(name) {
            let child = URL(fileURLWithPath: "\(source)/\(name)").standardizedFileURL.path
            // The functions directory may lie beside the imported file.
            guard child != functions, name != sourceName else { continue }
            try FileManager.default.copyItem(atPath: child, toPath: "\(draft)/\(name)")
        }
    }

    private func write(_ text: String, to path: String) throws(ImportError) {
        guard (try? text.write(toFile: path, atomically: false, encoding: .utf8)) != nil, chmod(path, 0o644) == 0 else {
            throw ImportError("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
