import AccessControl
import ArgumentParser
import Glibc
import LinuxSystem

/// The option of commands that work on the state directory itself, whether a controller runs or not.
struct StateOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The controller's state directory (default: $GLO_STATE, else .glo; for root /var/lib/glo).",
            valueName: "dir"))
    var state: String?

    var directory: String { StateDirectory.resolve(flag: state).path }

    var vault: SecretVault {
        SecretVault(stateDirectory: directory, keyFile: Environment.all[SecretKey.variable])
    }

    var audit: AuditLog { AuditLog(stateDirectory: directory) }

    /// Does something and writes down who did it, however it ends.
    func audited<Result>(
        _ action: String, _ target: String, _ body: () throws(AccessError) -> Result
    ) throws(CommandFailure) -> Result {
        try existing()
        return try reported { () throws(AccessError) in
            do throws(AccessError) {
                let result = try body()
                try note(action, target, "ok")
                return result
            } catch {
                try note(action, target, error.code.rawValue)
                throw error
            }
        }
    }

    private func note(_ action: String, _ target: String, _ outcome: String) throws(AccessError) {
        try audit.append(
            AuditEntry(actor: "cli:\(Self.user)", action: action, target: target, outcome: outcome),
            atMilliseconds: SystemClock.unixMilliseconds())
    }

    /// Gives an error the command line's type.
    func reported<Result>(_ body: () throws(AccessError) -> Result) throws(CommandFailure) -> Result {
        do throws(AccessError) {
            return try body()
        } catch {
            throw CommandFailure(error.code == .notFound ? .notFound : .failed, error.message, hint: error.hint)
        }
    }

    private func existing() throws(CommandFailure) {
        guard access(directory, F_OK) != 0 else { return }
        throw CommandFailure(
            .failed, "there is no state directory \(directory)",
            hint: "name it with --state, or start a controller with 'glo serve' first")
    }

    /// Who runs the command: the user behind sudo too.
    static var user: String {
        let variables = Environment.all
        if let user = variables["SUDO_USER"], !user.isEmpty { return user }
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "uid\(getuid())" }
        return String(cString: name)
    }
}
