import AccessControl
import FunctionModel
import Glibc
import Logging
import StateFiles

/// Looks at the documents of the state directory that are read when somebody needs them: at the start, where those of an
/// older version get their checksums, and for the status.
struct StateExamination: Sendable {
    let layout: StateLayout
    let vault: SecretVault
    let damage: StateDamage
    let marker: StateMarker

    /// Gives what an older version wrote its checksum. What is damaged stays as it is.
    func convert() {
        if !StateMark.isConverted(layout.root) {
            try? AccessTokenFile(stateDirectory: layout.root).convert()
            try? AccessKeyFile(stateDirectory: layout.root).convert()
        }
        if let told = LambdaRecords.convert(layout.root) { damage.repaired(LambdaIndex.fileName, told) }
    }

    /// Gets the secrets in order.
    func prepareSecrets() {
        do throws(AccessError) {
            if let told = try vault.prepare() { damage.repaired("secrets.json", told) }
        } catch {
            damage.note("secrets", error.message)
        }
    }

    /// Follows the chain of the audit log, which takes as long as the log is.
    func verifyAudit() {
        do throws(AccessError) {
            let verdict = try AuditLog(stateDirectory: layout.root).verify()
            guard !verdict.intact else { return }
            damage.note(
                AuditLog.fileName,
                "the audit log is not whole: \(verdict.problem ?? "a record is damaged") (line "
                    + "\(verdict.line ?? 0)); see `glo audit verify`")
        } catch {
            damage.note(AuditLog.fileName, "the audit log cannot be read: \(error.message)")
        }
    }

    /// What is damaged now, in sentences that say what to do.
    func problems() -> [String] { tokenProblems() + vault.problems() + LambdaRecords.problems(layout.root) }

    /// Of the files that let somebody in.
    func tokenProblems() -> [String] {
        var problems: [String] = []
        do throws(AccessError) { _ = try AccessTokenFile(stateDirectory: layout.root).tokens() } catch {
            problems.append("no token of tokens.json is taken: \(error.message)")
        }
        do throws(AdminServerError) { _ = try AccessKeyFile(stateDirectory: layout.root).keys() } catch {
            problems.append("no access key of access-keys.json is taken: \(error.sentence)")
        }
        let files = [
            (AccessTokenFile.fileName, AccessTokenFile(stateDirectory: layout.root).exists),
            (AccessKeyFile.fileName, AccessKeyFile(stateDirectory: layout.root).exists),
        ]
        for (name, exists) in files where marker.wasPresent(name, isPresent: exists) && !exists {
            problems.append(
                "\(layout.root)/\(name) is gone, and nobody is let in by it: put it back from a backup, or make a new one "
                    + "with `glo token create`")
        }
        return problems
    }
}
