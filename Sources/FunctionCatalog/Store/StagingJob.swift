import FunctionModel
import Glibc
import LinuxSystem

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
        /// It changed while it was looked at.
        case unsettled
        /// Somebody has this file of it open for writing.
        case busy(path: String)
        /// A file's name says that a copy is being made, or was broken off.
        case incomplete(CatalogProblem)
        /// It does not rest, and files have come or gone since the look before.
        case moving(outline: String)
        /// Its fingerprint is the known one.
        case unchanged
        case rejected([CatalogProblem])
        /// It may be good, but the state directory cannot take it, or the system has no room for the look itself.
        case failed([CatalogProblem])
        case staged(StagedFunction)
    }

    /// In which way an entry is looked at.
    struct Look: Hashable, Sendable {
        /// Nobody has watched it come to rest.
        var isFirst = false
        /// It came in one step, so nothing of it can be missing.
        var isWhole = false
        /// It does not rest: each file is taken as it is, as long as none came or went since the outline of the look
        /// before.
        var isDespite = false
        var outline: String?
    }

    let entry: String
    let functionsDirectory: String
    let store: VersionStore
    let stagingPath: String
    let machine: MachineArchitecture
    /// The fingerprint under which this entry was accepted before.
    let knownFingerprint: String?
    let look: Look
    /// At the first look an entry that changed less than so many milliseconds ago by the wall clock is unsettled.
    let minimumAgeMilliseconds: Int

    func run() -> Result {
        do throws(SystemCallError) {
            let directory = try FileDescriptor.directory(functionsDirectory)
            return look(directory)
        } catch {
            let isGone = error.number == ENOENT || error.number == ENOTDIR
            return Result(name: nil, outcome: isGone ? .directoryMissing : outcome(of: error))
        }
    }

    private func look(_ directory: borrowing FileDescriptor) -> Result {
        let status: FileStatus
        do throws(SystemCallError) {
            guard let found = try directory.status(of: entry) else { return Result(name: nil, outcome: .missing) }
            status = found
        } catch {
            return Result(name: nil, outcome: outcome(of: error))
        }
        let meaning = DropInName.of(entry, isDirectory: status.kind == .directory)
        if case .ignored = meaning { return Result(name: nil, outcome: .ignored) }
        var name: FunctionName?
        if case .function(let found) = meaning { name = found }
        switch SourceScanner.scan(entry, in: directory, at: functionsDirectory) {
        case .missing: return Result(name: name, outcome: .missing)
        case .ignored: return Result(name: name, outcome: .ignored)
        case .unsettled: return Result(name: name, outcome: .unsettled)
        case .incomplete(let problem): return Result(name: name, outcome: .incomplete(problem))
        case .rejected(let problems): return Result(name: name, outcome: .rejected(problems))
        case .scanned(let tree):
            guard let name else { return Result(name: nil, outcome: .rejected([badName(meaning)])) }
            return Result(name: name, outcome: stage(tree, name, directory))
        }
    }

    private func stage(_ tree: SourceTree, _ name: FunctionName, _ directory: borrowing FileDescriptor) -> Outcome {
        let fingerprint = tree.fingerprint
        if fingerprint == knownFingerprint { return .unchanged }
        if look.isFirst && !isOlder(tree, thanMilliseconds: minimumAgeMilliseconds) { return .unsettled }
        let outline = tree.outline
        if look.isDespite && tree.isDirectory && look.outline != outline { return .moving(outline: outline) }
        do throws(SystemCallError) {
            let copy = try TreeCopier.copy(tree, from: directory, to: stagingPath, takesChanges: look.isDespite)
            guard case .copied(let hash, let copied) = copy else {
                store.discard(stagingPath)
                if case .busy(let path) = copy { return .busy(path: path) }
                return .unsettled
            }
            // Files that came, went or changed while others were copied.
            guard case .scanned(let after) = SourceScanner.scan(entry, in: directory, at: functionsDirectory),
                look.isDespite ? after.outline == outline : after.fingerprint == fingerprint
            else {
                store.discard(stagingPath)
                return .unsettled
            }
            return try inspect(copied, name, hash, fingerprint)
        } catch {
            store.discard(stagingPath)
            // Gone, leased by a writer or replaced by a link since it was looked at: another look tells.
            let isPassing = error.number == ENOENT || error.number == EAGAIN || error.number == ELOOP
            return isPassing ? .unsettled : outcome(of: error)
        }
    }

    private func inspect(_ tree: SourceTree, _ name: FunctionName, _ hash: String, _ fingerprint: String)
        throws(SystemCallError) -> Outcome
    {
        var finding = try FunctionInspector.inspect(tree, name: name, machine: machine, directoryPath: stagingPath)
        if !look.isWhole {
            let folder = try FileDescriptor.directory(stagingPath)
            finding.errors += try CutCheck.problems(of: finding.texts, tree, in: folder)
            if finding.errors.isEmpty { finding.errors += try CutCheck.lastWritten(tree, in: folder) }
        }
        guard finding.errors.isEmpty else {
            store.discard(stagingPath)
            return .rejected(finding.errors)
        }
        return .staged(
            StagedFunction(
                hash: hash, path: stagingPath, isDirectory: tree.isDirectory, manifest: finding.manifest,
                manifestText: finding.manifestText,
                contract: finding.contract, command: finding.command, warnings: finding.warnings,
                fingerprint: fingerprint, notes: tree.warnings))
    }

    private func isOlder(_ tree: SourceTree, thanMilliseconds age: Int) -> Bool {
        SystemClock.unixNanoseconds() - tree.newestChangeNanoseconds >= Int64(age) * 1_000_000
    }

    private func badName(_ meaning: DropInName) -> CatalogProblem {
        var hint: String?
        if case .invalid(let suggestion?) = meaning { hint = "rename it, for example to \(suggestion)" }
        return CatalogProblem(
            .badName, "'\(entry)' is no name of a function: \(FunctionName.rule)", hint: hint, path: entry)
    }

    /// Room, descriptors and memory may be there again in a moment; a file that may not be read stays unread.
    private func outcome(of error: SystemCallError) -> Outcome {
        switch error.number {
        case ENOSPC, EDQUOT, EIO, EROFS:
            .failed([
                CatalogProblem(
                    .storeFailed, "\(error)", hint: "look at the disk of the state directory; it is tried again",
                    path: entry)
            ])
        case EMFILE, ENFILE, ENOMEM:
            .failed([
                CatalogProblem(
                    .storeFailed, "\(error)", hint: "raise the limits of the controller; it is tried again", path: entry
                )
            ])
        default:
            .rejected([
                CatalogProblem(
                    .unreadable, "\(error)", hint: "the controller's user needs to read it", path: entry)
            ])
        }
    }
}
