import FunctionModel
import Glibc

/// Looks at one entry of the functions directory and, when it is good and at rest, copies it. It blocks on the disk.
struct StagingJob: Sendable {
    struct Result: Sendable {
        /// The function that the entry stands for; nil when its name is none.
        let name: FunctionName?
        let outcome: Outcome
    }

    enum Outcome: Sendable {
        /// There is no such entry any more.
        case missing
        /// The functions directory itself is not there.
        case directoryMissing
        /// An entry that is passed over.
        case ignored
        /// It is being written.
        case unsettled
        /// Its fingerprint is the known one.
        case unchanged
        case rejected([CatalogProblem])
        case staged(StagedFunction)
    }

    let entry: String
    let functionsDirectory: String
    let store: VersionStore
    let stagingPath: String
    let machine: MachineArchitecture
    /// The fingerprint under which this entry was accepted before.
    let knownFingerprint: String?
    /// When given, an entry that changed less than so many milliseconds ago by the wall clock is unsettled: at the
    /// start nobody has watched it come to rest.
    let minimumAgeMilliseconds: Int?

    func run() -> Result {
        do throws(SystemCallError) {
            let directory = try FileDescriptor.directory(functionsDirectory)
            return look(directory)
        } catch {
            let isGone = error.number == ENOENT || error.number == ENOTDIR
            return Result(name: nil, outcome: isGone ? .directoryMissing : .rejected([problem(error)]))
        }
    }

    private func look(_ directory: borrowing FileDescriptor) -> Result {
        let status: FileStatus
        do throws(SystemCallError) {
            guard let found = try directory.status(of: entry) else { return Result(name: nil, outcome: .missing) }
            status = found
        } catch {
            return Result(name: nil, outcome: .rejected([problem(error)]))
        }
        let meaning = DropInName.of(entry, isDirectory: status.kind == .directory)
        if case .ignored = meaning { return Result(name: nil, outcome: .ignored) }
        var name: FunctionName?
        if case .function(let found) = meaning { name = found }
        switch SourceScanner.scan(entry, in: directory) {
        case .missing: return Result(name: name, outcome: .missing)
        case .ignored: return Result(name: name, outcome: .ignored)
        case .unsettled: return Result(name: name, outcome: .unsettled)
        case .rejected(let problems): return Result(name: name, outcome: .rejected(problems))
        case .scanned(let tree):
            guard let name else { return Result(name: nil, outcome: .rejected([badName(meaning)])) }
            return Result(name: name, outcome: stage(tree, name, directory))
        }
    }

    private func stage(_ tree: SourceTree, _ name: FunctionName, _ directory: borrowing FileDescriptor) -> Outcome {
        let fingerprint = tree.fingerprint
        if fingerprint == knownFingerprint { return .unchanged }
        if let minimumAgeMilliseconds, !isOlder(tree, thanMilliseconds: minimumAgeMilliseconds) { return .unsettled }
        do throws(SystemCallError) {
            guard case .copied(let hash) = try TreeCopier.copy(tree, from: directory, to: stagingPath) else {
                store.discard(stagingPath)
                return .unsettled
            }
            // Files that came, went or changed while others were copied.
            guard case .scanned(let after) = SourceScanner.scan(entry, in: directory), after.fingerprint == fingerprint
            else {
                store.discard(stagingPath)
                return .unsettled
            }
            return try inspect(tree, name, hash, fingerprint)
        } catch {
            store.discard(stagingPath)
            // Gone, leased by a writer or replaced by a link since it was looked at: another look tells.
            let isPassing = error.number == ENOENT || error.number == EAGAIN || error.number == ELOOP
            return isPassing ? .unsettled : .rejected([problem(error)])
        }
    }

    private func inspect(_ tree: SourceTree, _ name: FunctionName, _ hash: String, _ fingerprint: String)
        throws(SystemCallError) -> Outcome
    {
        let finding = try FunctionInspector.inspect(tree, name: name, machine: machine, directoryPath: stagingPath)
        guard finding.errors.isEmpty else {
            store.discard(stagingPath)
            return .rejected(finding.errors)
        }
        return .staged(
            StagedFunction(
                hash: hash, path: stagingPath, isDirectory: tree.isDirectory, manifest: finding.manifest,
                manifestText: finding.manifestText,
                contract: finding.contract, command: finding.command, warnings: finding.warnings,
                fingerprint: fingerprint))
    }

    private func isOlder(_ tree: SourceTree, thanMilliseconds age: Int) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let nanoseconds = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
        return nanoseconds - tree.newestChangeNanoseconds >= Int64(age) * 1_000_000
    }

    private func badName(_ meaning: DropInName) -> CatalogProblem {
        var hint: String?
        if case .invalid(let suggestion?) = meaning { hint = "rename it, for example to \(suggestion)" }
        return CatalogProblem(
            .badName, "'\(entry)' is no name of a function: \(FunctionName.rule)", hint: hint, path: entry)
    }

    private func problem(_ error: SystemCallError) -> CatalogProblem {
        let isSpace = error.number == ENOSPC || error.number == EDQUOT || error.number == EIO || error.number == EROFS
        return CatalogProblem(
            isSpace ? .storeFailed : .unreadable, "\(error)",
            hint: isSpace ? "look at the disk of the state directory" : "the controller's user needs to read it",
            path: entry)
    }
}
