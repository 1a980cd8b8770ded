import FoundationEssentials
import FunctionModel
import Glibc

/// The immutable copies of all versions, in the state directory:
/// `versions/NAME/NUMBER-HASH/` holds the files, `versions/NAME/index.json` what is remembered of the function.
///
/// It has no state but its path. One function's files are changed by one task at a time: the catalogue's.
struct VersionStore: Sendable {
    static let indexName = "index.json"
    private static let indexLimit = 4 << 20
    /// So many indexes are written one by one.
    private static let separateSaves = 4

    /// `<state>/versions`
    let root: String

    init(stateDirectory: String) { root = "\(stateDirectory)/versions" }

    private var stagingRoot: String { "\(root)/.staging" }

    func directory(of name: FunctionName) -> String { "\(root)/\(name)" }

    func path(of record: VersionRecord, _ name: FunctionName) -> String {
        "\(directory(of: name))/\(record.number)-\(record.hash)"
    }

    /// Makes the directories and clears what an interrupted run left.
    func prepare() throws(SystemCallError) {
        try FileOperations.makeDirectories(root)
        try FileOperations.removeTree(stagingRoot)
        try FileOperations.makeDirectories(stagingRoot, mode: 0o700)
    }

    /// A path for a new copy; the number is the caller's and unique in this run.
    func stagingPath(_ number: UInt64) -> String { "\(stagingRoot)/\(number)" }

    func discard(_ path: String) {
        // What stays behind is cleared at the next start.
        try? FileOperations.removeTree(path)
    }

    /// Makes a staged copy a version. It counts once the index names it.
    func adopt(_ staged: StagedFunction, as record: VersionRecord, of name: FunctionName) throws(SystemCallError) {
        try FileOperations.makeDirectories(directory(of: name))
        let target = path(of: record, name)
        try FileOperations.removeTree(target)
        guard rename(staged.path, target) == 0 else {
            throw SystemCallError(call: "rename", path: target, number: errno)
        }
    }

    func remove(_ record: VersionRecord, of name: FunctionName) throws(SystemCallError) {
        try FileOperations.removeTree(path(of: record, name))
    }

    /// Removes everything that is stored of a function. Its index goes last, so that a crash leaves no version that would
    /// be taken for a function's without one.
    func removeAll(of name: FunctionName) throws(SystemCallError) {
        let folder = directory(of: name)
        let entries = try DirectoryListing.names(of: FileDescriptor.directory(folder), folder)
        for case let entry? in entries where entry != Self.indexName {
            try FileOperations.removeTree("\(folder)/\(entry)")
        }
        try FileOperations.removeTree(folder)
    }

    /// The version as the rest of Glo knows it, and what of its manifest does nothing yet, as the stored file says.
    func version(_ record: VersionRecord, of name: FunctionName) throws(CatalogError) -> StoredVersion {
        let files = path(of: record, name)
        guard let contract = Contract(rawValue: record.contract) else {
            throw CatalogError(
                .versionUnusable, "version \(record.number) of \(name) has the unknown contract '\(record.contract)'")
        }
        var parsed = try manifest(record, name, files)
        parsed.manifest.handler = parsed.manifest.handler ?? record.handler
        let version = FunctionVersion(
            name: name, number: record.number, contentHash: record.hash, contract: contract, command: record.command,
            manifest: parsed.manifest, filesPath: files, createdAtMilliseconds: record.createdAtMilliseconds)
        let notes = (record.notes ?? []).compactMap(\.problem)
        return StoredVersion(version: version, warnings: parsed.warnings + notes)
    }

    private func manifest(_ record: VersionRecord, _ name: FunctionName, _ files: String) throws(CatalogError)
        -> ParsedManifest
    {
        guard record.isDirectory else { return ParsedManifest() }
        let path = "\(files)/\(FunctionInspector.manifestName)"
        do throws(SystemCallError) {
            guard let bytes = try FileOperations.contents(of: path, limit: ManifestParser.sizeLimit) else {
                return ParsedManifest()
            }
            let parsed = ManifestParser.parse(
                String(decoding: bytes, as: UTF8.self), path: FunctionInspector.manifestName)
            if parsed.errors.isEmpty { return parsed }
            throw SystemCallError(call: "parse", path: path, number: EINVAL)
        } catch {
            throw CatalogError(
                .versionUnusable, "the manifest of version \(record.number) of \(name) cannot be read: \(error)",
                hint: "drop the function again")
        }
    }

    // MARK: Indexes

    /// Writes indexes so that each is the old or the new one after a power cut. Many at once cost two flushes of the
    /// file system instead of two of the disk for each.
    func save(_ indexes: [(name: FunctionName, index: VersionIndex)]) throws(SystemCallError) {
        guard indexes.count > Self.separateSaves else {
            for (name, index) in indexes {
                try FileOperations.makeDirectories(directory(of: name))
                try FileOperations.replace(Self.indexName, in: directory(of: name), with: try encode(index))
            }
            return
        }
        let folder = try FileDescriptor.directory(root)
        for (name, index) in indexes {
            try FileOperations.makeDirectories(directory(of: name))
            let bytes = try encode(index)
            try FileOperations.writeReplacement(
                of: Self.indexName, in: directory(of: name), bytes, synchronizes: false)
        }
        try folder.synchronizeFileSystem(root)
        for (name, _) in indexes { try FileOperations.putReplacement(of: Self.indexName, in: directory(of: name)) }
        try folder.synchronizeFileSystem(root)
    }

    private func encode(_ index: VersionIndex) throws(SystemCallError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(index) else {
            throw SystemCallError(call: "encode", path: Self.indexName, number: EINVAL)
        }
        return [UInt8](data)
    }

    /// Every function that the store knows.
    func names() throws(SystemCallError) -> [FunctionName] {
        let folder = try FileDescriptor.directory(root)
        return try DirectoryListing.names(of: folder, root).compactMap { $0.flatMap(FunctionName.init) }.sorted()
    }

    enum Loaded: Sendable {
        case read(VersionIndex)
        /// The index was no good and has been made anew from the directories.
        case rebuilt(VersionIndex, reason: String)
    }

    /// Reads an index, drops what its directories do not hold, and removes directories that it does not name.
    func load(_ name: FunctionName, machine: MachineArchitecture) throws(SystemCallError) -> Loaded {
        let folder = directory(of: name)
        var reason = "it is missing"
        do throws(SystemCallError) {
            if let bytes = try FileOperations.contents(of: "\(folder)/\(Self.indexName)", limit: Self.indexLimit) {
                reason = "it is no valid index"
                if let index = decode(bytes, name) { return .read(try reconcile(index, name)) }
                rename("\(folder)/\(Self.indexName)", "\(folder)/\(Self.indexName).corrupt")
            }
        } catch {
            reason = error.description
        }
        return .rebuilt(try rebuild(name, machine: machine), reason: reason)
    }

    private func decode(_ bytes: [UInt8], _ name: FunctionName) -> VersionIndex? {
        guard let index = try? JSONDecoder().decode(VersionIndex.self, from: Data(bytes)) else { return nil }
        let numbers = index.versions.map(\.number)
        let isSane =
            index.format == VersionIndex.currentFormat && index.function == name.rawValue
            && numbers == Array(Set(numbers)).sorted() && numbers.allSatisfy { $0 >= 1 && $0 < index.next }
            && index.versions.allSatisfy { Self.isHash($0.hash) }
        return isSane ? index : nil
    }

    private func reconcile(_ index: VersionIndex, _ name: FunctionName) throws(SystemCallError) -> VersionIndex {
        var index = index
        let found = try storedVersions(name)
        index.versions.removeAll { record in !found.contains { $0.number == record.number && $0.hash == record.hash } }
        for version in found where index.record(version.number)?.hash != version.hash {
            discard("\(directory(of: name))/\(version.number)-\(version.hash)")
        }
        if index.record(index.current) == nil { index.current = nil }
        if index.record(index.previous) == nil { index.previous = nil }
        if let pin = index.pin, index.record(pin.number) == nil { index.pin = nil }
        if let source = index.source, index.record(hash: source.hash) == nil { index.source = nil }
        index.dropUnknownNames()
        return index
    }

    /// The versions whose directories lie there, by number.
    private func storedVersions(_ name: FunctionName) throws(SystemCallError) -> [(number: Int, hash: String)] {
        let folder = try FileDescriptor.directory(directory(of: name))
        return try DirectoryListing.names(of: folder, name.rawValue).compactMap { entry in
            guard let parts = entry?.split(separator: "-", maxSplits: 1), parts.count == 2, let number = Int(parts[0]),
                number >= 1, Self.isHash(String(parts[1]))
            else { return nil }
            return (number, String(parts[1]))
        }
        .sorted { $0.number < $1.number }
    }

    /// Which version served is lost with the index; what lies in the functions directory decides again.
    private func rebuild(_ name: FunctionName, machine: MachineArchitecture) throws(SystemCallError) -> VersionIndex {
        var index = VersionIndex(function: name)
        for stored in try storedVersions(name) {
            index.next = stored.number + 1
            guard let record = recover(stored.number, stored.hash, name, machine) else { continue }
            index.versions.removeAll { $0.number == stored.number }
            index.versions.append(record)
        }
        index.current = index.versions.last?.number
        return index
    }

    private func recover(_ number: Int, _ hash: String, _ name: FunctionName, _ machine: MachineArchitecture)
        -> VersionRecord?
    {
        let folder = directory(of: name)
        let path = "\(number)-\(hash)"
        guard let parent = try? FileDescriptor.directory(folder),
            case .scanned(let tree) = SourceScanner.scan(path, in: parent, at: folder)
        else { return nil }
        // Whether it was one file is told by the hash alone, so both ways are tried.
        for candidate in [tree, tree.asBareFile].compactMap(\.self) {
            guard let computed = try? TreeCopier.hash(candidate, at: "\(folder)/\(path)"), computed == hash,
                let finding = try? FunctionInspector.inspect(
                    candidate, name: name, machine: machine, directoryPath: "\(folder)/\(path)"),
                finding.errors.isEmpty
            else { continue }
            return VersionRecord(
                number: number, hash: hash, contract: finding.contract.rawValue, command: finding.command,
                createdAtMilliseconds: tree.root.modifiedNanoseconds / 1_000_000, isDirectory: candidate.isDirectory,
                handler: finding.manifest.handler)
        }
        return nil
    }

    private static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
