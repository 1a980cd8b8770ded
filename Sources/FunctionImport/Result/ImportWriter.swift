import Foundation
import Glibc
import LinuxSystem
import ZipArchive

/// Writes an imported function into the functions directory: all of it in one step, and never over something that is
/// there, nor among the sources of what is imported.
package struct ImportWriter {
    /// The directory of the imported file.
    let sourceDirectory: String
    let functionsDirectory: String
    /// The imported file's name, for the manifest's first line.
    let sourceName: String
    /// Where the functions are written; another place than the functions directory when nothing is to stay.
    let outputDirectory: String

    /// - Parameter outputDirectory: nil writes to the functions directory.
    package init(
        sourceDirectory: String, functionsDirectory: String, sourceName: String, outputDirectory: String? = nil
    ) {
        self.sourceDirectory = Self.resolved(sourceDirectory)
        self.functionsDirectory = Self.resolved(functionsDirectory)
        self.sourceName = sourceName
        self.outputDirectory = outputDirectory ?? functionsDirectory
    }

    /// Absolute, without links, `.` and `..`; what is not there yet stays as it is written.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// Removes a directory with its contents; whether it is gone.
    package static func remove(_ path: String) -> Bool {
        (try? FileManager.default.removeItem(atPath: path)) != nil
    }

    package func path(of function: ImportedFunction) -> String { "\(outputDirectory)/\(function.name)" }

    // MARK: Before anything is written

    /// Refuses when the functions directory is a part of the code that is imported: what is written would lie among the
    /// sources, and sources would be left out of the copy.
    package func check(_ functions: [ImportedFunction]) throws(ImportError) {
        for function in functions {
            let code = [function.sourceDirectory, function.sourceArchive].compactMap(\.self)
            for path in code {
                guard let parts = try? FilesBeside.parts(of: path) else { continue }
                let place = ([sourceDirectory] + parts).joined(separator: "/")
                if Self.lies(place, in: functionsDirectory) { throw mixed(place) }
            }
            guard function.sourceDirectory != nil, let handler = function.handlerFile else { continue }
            let file = ([sourceDirectory] + handler).joined(separator: "/")
            guard Self.lies(file, in: functionsDirectory) else { continue }
            if ["", ".py", ".js", ".mjs", ".cjs", ".ts"].contains(where: { access(file + $0, F_OK) == 0 }) {
                throw mixed(file)
            }
        }
    }

    private static func lies(_ path: String, in directory: String) -> Bool {
        path == directory || path.hasPrefix("\(directory)/")
    }

    private func mixed(_ path: String) -> ImportError {
        ImportError(
            "the code in \(path) lies in the functions directory \(functionsDirectory): nothing was written",
            hint: "name another place for the functions, such as --directory ../glo-functions")
    }

    // MARK: Writing

    /// - Returns: notes about what was not copied.
    /// - Throws: when something of that name is there, or when a file cannot be read or written; nothing is left then.
    @discardableResult
    package func write(_ function: ImportedFunction) throws(ImportError) -> [ImportNote] {
        let target = "\(outputDirectory)/\(function.name)"
        for path in Set([target, "\(functionsDirectory)/\(function.name)"]) where access(path, F_OK) == 0 {
            throw ImportError("\(path) exists already", hint: "move it away, or name another --directory")
        }
        // A controller looks past names that begin with a dot, so it sees the function when it is whole.
        let draft = "\(outputDirectory)/.\(function.name).import-\(getpid())"
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
            chmod(draft, 0o755)
            let notes = try fill(draft, function)
            guard rename(draft, target) == 0 else {
                throw ImportError("\(target) cannot be written: \(SystemError.text(errno))")
            }
            return notes
        } catch {
            try? files.removeItem(atPath: draft)
            if let error = error as? ImportError { throw error }
            throw ImportError("\(target) cannot be written: \(error.localizedDescription)")
        }
    }

    private func fill(_ draft: String, _ function: ImportedFunction) throws -> [ImportNote] {
        var notes: [ImportNote] = []
        if let source = function.sourceDirectory { notes += try copy(source, to: draft, function) }
        if let archive = function.sourceArchive {
            try unpack(archive, to: draft)
            notes += note(secrets: try SecretSweep.sweep(draft), function)
        }
        for file in function.files { try write(file.contents, to: "\(draft)/\(file.name)") }
        try write(try function.manifest.text(source: sourceName), to: "\(draft)/function.yaml")
        for file in function.requiredFiles where access("\(draft)/\(file.path)", F_OK) != 0 {
            throw ImportError(
                "there is no file '\(file.path)' in the function's code: \(file.reason)",
                hint: "import from where the code lies")
        }
        return notes
    }

    /// A built package, looked through before anything of it is written.
    private func unpack(_ relative: String, to draft: String) throws(ImportError) {
        let path = try place(of: relative)
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

    /// Where code lies that the file names: in the file's own directory or below, and not behind a link.
    private func place(of relative: String) throws(ImportError) -> String {
        let hint = "copy the code to where the file lies, or the file to where the code lies"
        guard let parts = try? FilesBeside.parts(of: relative) else {
            throw ImportError(
                "the code '\(relative)' lies outside of the file's directory: it is not copied", hint: hint)
        }
        var path = sourceDirectory
        for part in parts {
            path += "/\(part)"
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
                throw ImportError("\(path) is a symbolic link, which is not followed", hint: hint)
            }
        }
        return path
    }

    private func copy(
        _ relative: String, to draft: String, _ function: ImportedFunction
    ) throws(ImportError) -> [ImportNote] {
        let source = try place(of: relative)
        var status = stat()
        guard stat(source, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw ImportError("the code directory \(source) does not exist", hint: "import from where the code lies")
        }
        var target = draft
        if let directory = function.targetDirectory {
            target += "/\(directory)"
            guard mkdir(target, 0o755) == 0, chmod(target, 0o755) == 0 else {
                throw ImportError("\(target) cannot be made: \(SystemError.text(errno))")
            }
        }
        var copier = CodeCopier(
            rules: function.rules,
            excluded: [
                functionsDirectory, Self.resolved(outputDirectory), "\(sourceDirectory)/\(sourceName)",
                "\(sourceDirectory)/function.yaml",
            ])
        try copier.copy(source, to: target)
        return note(secrets: copier.report.secrets, function) + note(others: copier.report.others, function)
    }

    private func note(secrets: [String], _ function: ImportedFunction) -> [ImportNote] {
        note(
            secrets, function,
            "not copied, since they look like secrets ('glo secret set' and 'secrets:' are for these)")
    }

    private func note(others: [String], _ function: ImportedFunction) -> [ImportNote] {
        note(others, function, "not copied, since they lead out of the code or are no files")
    }

    private func note(_ paths: [String], _ function: ImportedFunction, _ message: String) -> [ImportNote] {
        guard !paths.isEmpty else { return [] }
        let shown = paths.prefix(10).joined(separator: ", ") + (paths.count > 10 ? " and \(paths.count - 10) more" : "")
        let origin = function.origin
        return [
            ImportNote(
                place: origin.map { $0.place.isEmpty ? function.name : $0.place } ?? function.name,
                message: "\(message): \(shown)", file: origin?.file, line: origin?.line)
        ]
    }

    private func write(_ text: String, to path: String) throws(ImportError) {
        guard (try? text.write(toFile: path, atomically: false, encoding: .utf8)) != nil, chmod(path, 0o644) == 0 else {
            throw ImportError("\(path) cannot be written: \(SystemError.text(errno))")
        }
    }
}

extension ImportedFunction {
    /// The parts of the path of the handler's file without its ending, from where the imported file lies.
    fileprivate var handlerFile: [String]? {
        guard case .text(let handler)? = manifest["handler"], targetDirectory == nil, let sourceDirectory,
            let base = try? FilesBeside.parts(of: sourceDirectory)
        else { return nil }
        let stem = handler.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(separator: ".")
        guard let parts = try? FilesBeside.parts(of: stem), !parts.isEmpty else { return nil }
        return base + parts
    }
}
