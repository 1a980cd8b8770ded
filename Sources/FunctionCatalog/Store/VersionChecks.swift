import Dispatch
import FunctionModel
import Synchronization

/// Compares the stored files of versions with the hashes that they were deployed under: once in a run of the controller,
/// before a worker first gets them. What was copied in this run was hashed as it lies there, and is not read again.
///
/// The disk is waited for on queues of its own: one for workers that are about to start, one for looking ahead.
final class VersionChecks: Sendable {
    private enum State {
        case checking(waiting: [CheckedContinuation<String?, Never>])
        case good
        case damaged(reason: String)
    }

    private let states = Mutex<[VersionReference: State]>([:])
    private let urgent = DispatchQueue(label: "glo.catalog.check", attributes: .concurrent)
    private let ahead = DispatchQueue(label: "glo.catalog.check-ahead", qos: .utility)
    private let check: @Sendable (VersionReference, _ hash: String) -> String?
    private let onDamage: @Sendable (StoreDamage) -> Void

    /// - Parameters:
    ///   - check: what is wrong with a version's files; nil when nothing is. It blocks on the disk.
    ///   - onDamage: called once for each damage, on any thread.
    init(
        check: @escaping @Sendable (VersionReference, _ hash: String) -> String?,
        onDamage: @escaping @Sendable (StoreDamage) -> Void
    ) {
        self.check = check
        self.onDamage = onDamage
    }

    /// The files are what they should be: they have just been written, or made anew.
    func accept(_ version: VersionReference) { finish(version, nil) }

    /// Something else than a check found damage.
    func reject(_ damage: StoreDamage) { finish(damage.version, damage.reason) }

    /// The files are gone with their version.
    func forget(_ version: VersionReference) {
        states.withLock { states in
            if case .checking = states[version] { return }
            states[version] = nil
        }
    }

    /// Whether they have been found good; costs a lock that is held for moments.
    func isGood(_ version: VersionReference) -> Bool {
        states.withLock { if case .good? = $0[version] { true } else { false } }
    }

    /// What is wrong with a version's files; nil when nothing is.
    func problem(of version: VersionReference, hash: String) async -> String? {
        await withCheckedContinuation { continuation in
            let begins = states.withLock { states -> Bool in
                switch states[version] {
                case .good?: continuation.resume(returning: nil)
                case .damaged(let reason)?: continuation.resume(returning: reason)
                case .checking(let waiting)?: states[version] = .checking(waiting: waiting + [continuation])
                case nil:
                    states[version] = .checking(waiting: [continuation])
                    return true
                }
                return false
            }
            if begins { urgent.async { self.run(version, hash) } }
        }
    }

    /// Checks it some time, so that the first worker need not wait.
    func lookAhead(_ version: VersionReference, hash: String) {
        ahead.async {
            let begins = self.states.withLock { states -> Bool in
                guard states[version] == nil else { return false }
                states[version] = .checking(waiting: [])
                return true
            }
            if begins { self.run(version, hash) }
        }
    }

    /// Something else that reads the disk and may wait.
    func later(_ work: @escaping @Sendable () -> Void) { ahead.async(execute: work) }

    private func run(_ version: VersionReference, _ hash: String) { finish(version, check(version, hash)) }

    private func finish(_ version: VersionReference, _ problem: String?) {
        let (waiting, isNews) = states.withLock { states -> ([CheckedContinuation<String?, Never>], Bool) in
            var waiting: [CheckedContinuation<String?, Never>] = []
            if case .checking(let some)? = states[version] { waiting = some }
            var isNews = problem != nil
            if case .damaged? = states[version] { isNews = false }
            states[version] = problem.map { .damaged(reason: $0) } ?? .good
            return (waiting, isNews)
        }
        if isNews, let problem { onDamage(StoreDamage(version: version, reason: problem)) }
        for continuation in waiting { continuation.resume(returning: problem) }
    }
}
