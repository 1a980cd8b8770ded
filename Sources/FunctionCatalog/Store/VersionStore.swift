import FoundationEssentials
import FunctionModel
import Glibc
import LinuxSystem
import StateFiles
import TextForms

/// The immutable copies of all versions, in the state directory:
/// `versions/NAME/NUMBER-HASH/` holds the files, `versions/NAME/index.json` what is remembered of the function, and
/// `index.backup.json` the same, since aliases, published numbers and rollbacks are nowhere else.
///
/// It has no state but its path. One function's files are changed by one task at a time: the catalogue's.
struct VersionStore: Sendable {
    static let indexName = "index.json"
    static let backupName = "index.backup.json"
    private static let indexLimit = 64 << 20
    /// So many indexes are written one by one.
    private static let separateSaves = 4

    /// `<state>/versions`
    let root: String
    private let stateDirectory: String

    init(stateDirectory: String) {
        root = "\(stateDirectory)/versions"
        self.stateDirectory = stateDirectory
    }

    private var stagingRoot: String { "\(root)/.staging" }

    func directory(of name: FunctionName) -> String { "\(root)/\(name)" }

    func path(of record: VersionRecord, _ name: FunctionName) -> String {
        "\(directory(of: name))/\(record.number)-\(record.hash)"
    }

    /// Makes the directories and clears what an interrupted run left.
    func prepare() throws(SystemCallError) {
        try FileOperations.makeDirectories(root, mode: 0o700)
        // What lies there may be private: it is read by the controller alone, which links it to where containers see it.
        let folder = try FileDescriptor.ownDirectory(root)
        guard fchmod(folder.number, 0o700) == 0 else {
            throw SystemCallError(call: "fchmod", path: root, number: errno)
        }
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
        var parsed = try manifest(record, name)
        parsed.manifest.handler = parsed.manifest.handler ?? record.handler
        let version = FunctionVersion(
            name: name, number: record.number, contentHash: record.hash, contract: contract, command: record.command,
            manifest: parsed.manifest, filesPath: files, createdAtMilliseconds: record.createdAtMilliseconds)
        let notes = (record.notes ?? []).compactMap(\.problem)
        return StoredVersion(version: version, warnings: parsed.warnings + notes)
    }

    private func manifest(_ record: VersionRecord, _ name: FunctionName) throws(CatalogError) -> ParsedManifest {
        guard record.isDirectory else { return ParsedManifest() }
        guard let text = record.manifest else {
            throw CatalogError(
                .stateDamaged, "version \(record.number) of \(name) is damaged, and with it its manifest",
                hint: "drop the function again")
        }
        let parsed = ManifestParser.parse(text, path: FunctionInspector.manifestName)
        if parsed.errors.isEmpty { return parsed }
        throw CatalogError(
            .versionUnusable, "the manifest of version \(record.number) of \(name) is not valid: \(parsed.errors[0])",
            hint: "drop the function again")
    }

    // MARK: Damage

    /// What is wrong with a version's files; nil when they are what was deployed. It reads all of them.
    func problem(of version: VersionReference, hash: String) -> String? {
        let folder = directory(of: version.function)
        let entry = "\(version.number)-\(hash)"
        do throws(SystemCallError) {
            let parent = try FileDescriptor.directory(folder)
            switch SourceScanner.scanStored(entry, in: parent) {
            case .scanned(let tree):
                if tree.owners.contains(where: { $0 != geteuid() && $0 != 0 }) {
                    return "files of its stored copy belong to another user"
                }
                // Whether it was one file is told by the hash alone, so both ways are tried.
                for candidate in [tree, tree.asBareFile].compactMap(\.self) {
                    if try TreeCopier.hash(candidate, at: "\(folder)/\(entry)") == hash { return nil }
                }
                return "its stored copy is not what was deployed"
            case .missing, .ignored: return "its stored copy is gone"
            case .unsettled, .incomplete: return "its stored copy changes"
            case .rejected(let problems): return "its stored copy is not what was deployed: \(problems[0].description)"
            }
        } catch {
            return "its stored copy cannot be read: \(error)"
        }
    }

    /// The manifest's text out of files that were found good.
    private func manifestText(_ record: VersionRecord, _ name: FunctionName) -> String? {
        guard record.isDirectory else { return "" }
        guard problem(of: VersionReference(function: name, number: record.number), hash: record.hash) == nil else {
            return nil
        }
        let path = "\(self.path(of: record, name))/\(FunctionInspector.manifestName)"
        guard let bytes = try? FileOperations.contents(of: path, limit: ManifestParser.sizeLimit) else {
            return access(path, F_OK) == 0 ? nil : ""
        }
        return String(validating: bytes, as: UTF8.self)
    }

    // MARK: Indexes

    /// Writes indexes so that each is the old or the new one after a power cut. Many at once cost two flushes of the
    /// file system instead of two of the disk for each.
    func save(_ indexes: [(name: FunctionName, index: VersionIndex)]) throws(SystemCallError) {
        guard !indexes.isEmpty else { return }
        let isBatch = indexes.count > Self.separateSaves
        let folder = try FileDescriptor.directory(root)
        for (name, index) in indexes {
            let directory = directory(of: name)
            try FileOperations.makeDirectories(directory)
            let bytes = Seal.sealed(try encode(index), as: label(name))
            for file in [Self.backupName, Self.indexName] {
                try FileOperations.writeReplacement(of: file, in: directory, bytes, synchronizes: !isBatch)
            }
        }
        if isBatch { try folder.synchronizeFileSystem(root) }
        for (name, _) in indexes {
            let directory = directory(of: name)
            try FileOperations.putReplacement(of: Self.backupName, in: directory)
            try FileOperations.putReplacement(of: Self.indexName, in: directory)
            if !isBatch { try FileDescriptor.directory(directory).synchronize(directory) }
        }
        if isBatch { try folder.synchronizeFileSystem(root) }
    }

    /// What an index's seal calls it, and its copy too.
    private func label(_ name: FunctionName) -> String { "versions/\(name)/\(Self.indexName)" }

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

    /// A function out of the store.
    struct Loaded: Sendable {
        enum Origin: Hashable, Sendable {
            case index
            /// An older version of Glo wrote it; it is to be written with its checksum.
            case olderIndex
            /// The index was no good.
            case backup(reason: String)
            /// Neither was its copy: it has been made anew from the directories, without aliases and the like.
            case rebuilt(reason: String)
        }

        var index: VersionIndex
        var origin: Origin
        /// Versions that are named by something, and whose files are gone or cannot be trusted.
        var damage: [StoreDamage] = []
        /// Versions that nothing names and whose files are gone.
        var lost: [Int] = []

        var needsSave = false
    }

    /// Reads an index, notes what its directories do not hold, and removes directories that it does not name.
    func load(_ name: FunctionName, machine: MachineArchitecture) throws(SystemCallError) -> Loaded {
        var loaded = try read(name, machine)
        loaded.needsSave = loaded.origin != .index
        try reconcile(&loaded, name)
        for (position, record) in loaded.index.versions.enumerated() where record.manifest == nil {
            let reference = VersionReference(function: name, number: record.number)
            guard !loaded.damage.contains(where: { $0.version == reference }) else { continue }
            if let text = manifestText(record, name) {
                loaded.index.versions[position].manifest = text
                loaded.needsSave = true
            } else {
                loaded.damage.append(
                    StoreDamage(version: reference, reason: "its stored copy is not what was deployed"))
            }
        }
        return loaded
    }

    private func read(_ name: FunctionName, _ machine: MachineArchitecture) throws(SystemCallError) -> Loaded {
        var reasons: [String] = []
        for file in [Self.indexName, Self.backupName] {
            switch readIndex(file, name) {
            case .good(let index):
                guard file == Self.backupName else { return Loaded(index: index, origin: .index) }
                return Loaded(index: index, origin: .backup(reason: reasons[0]))
            case .old(let index): return Loaded(index: index, origin: .olderIndex)
            case .bad(let reason): reasons.append(reason)
            }
        }
        let index = try rebuild(name, machine: machine)
        return Loaded(index: index, origin: .rebuilt(reason: reasons[0]))
    }

    /// Whether the copy of an index is what was written. It may be newer than the index, which is replaced after it.
    func hasGoodBackup(_ name: FunctionName) -> Bool {
        let path = "\(directory(of: name))/\(Self.backupName)"
        let copy = (try? FileOperations.ownContents(of: path, limit: Self.indexLimit)) ?? nil
        return copy.map { Seal.problem(of: $0, as: label(name)) == nil } ?? false
    }

    private enum ReadIndex {
        case good(VersionIndex)
        case old(VersionIndex)
        case bad(reason: String)
    }

    private func readIndex(_ file: String, _ name: FunctionName) -> ReadIndex {
        let path = "\(directory(of: name))/\(file)"
        do throws(SystemCallError) {
            guard let bytes = try FileOperations.ownContents(of: path, limit: Self.indexLimit) else {
                return .bad(reason: "\(file) is missing")
            }
            let problem = Seal.problem(of: bytes, as: label(name))
            let isOld = problem == .missing && file == Self.indexName && !StateMark.isConverted(stateDirectory)
            if let problem, !isOld {
                putAside(path)
                return .bad(reason: "\(file): \(problem)")
            }
            guard let index = decode(bytes, name) else {
                putAside(path)
                return .bad(reason: "\(file) is not an index")
            }
            return isOld ? .old(index) : .good(index)
        } catch {
            return .bad(reason: error.description)
        }
    }

    /// Keeps what cannot be read for whoever wants to know more.
    private func putAside(_ path: String) { rename(path, "\(path).corrupt") }

    private func decode(_ bytes: [UInt8], _ name: FunctionName) -> VersionIndex? {
        guard let index = try? JSONDecoder().decode(VersionIndex.self, from: Data(bytes)) else { return nil }
        let numbers = index.versions.map(\.number)
        let isSane =
            index.format == VersionIndex.currentFormat && index.function == name.rawValue
            && numbers == Array(Set(numbers)).sorted() && numbers.allSatisfy { $0 >= 1 && $0 < index.next }
            && index.versions.allSatisfy { Self.isHash($0.hash) }
        return isSane ? index : nil
    }

    private func reconcile(_ loaded: inout Loaded, _ name: FunctionName) throws(SystemCallError) {
        let found = try storedVersions(name)
        let named = loaded.index.named
        for record in loaded.index.versions
        where !found.contains(where: { $0.number == record.number && $0.hash == record.hash }) {
            if named.contains(record.number) {
                let reference = VersionReference(function: name, number: record.number)
                loaded.damage.append(StoreDamage(version: reference, reason: "its stored copy is gone"))
            } else {
                loaded.lost.append(record.number)
            }
        }
        loaded.index.versions.removeAll { loaded.lost.contains($0.number) }
        // What an index made anew does not name may be what somebody wants to look at.
        var isRebuilt = false
        if case .rebuilt = loaded.origin { isRebuilt = true }
        for version in found where !isRebuilt && loaded.index.record(version.number)?.hash != version.hash {
            discard("\(directory(of: name))/\(version.number)-\(version.hash)")
        }
        var index = loaded.index
        if index.record(index.current) == nil { index.current = nil }
        if index.record(index.previous) == nil { index.previous = nil }
        if let pin = index.pin, index.record(pin.number) == nil { index.pin = nil }
        if let source = index.source, index.record(hash: source.hash) == nil { index.source = nil }
        index.dropUnknownNames()
        loaded.index = index
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
            case .scanned(let tree) = SourceScanner.scanStored(path, in: parent)
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
                handler: finding.manifest.handler, manifest: finding.manifestText)
        }
        return nil
    }

    private static func isHash(_ text: String) -> Bool {
        Hexadecimal.isSmall(text, count: 64)
    }
}
