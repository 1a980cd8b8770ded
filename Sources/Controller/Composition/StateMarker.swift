import Glibc
import Logging
import StateFiles
import Synchronization

/// Keeps the mark of the state directory (``StateMark``): reads it at the start, and writes it when everything has been
/// converted. A start that ends in between is repeated by the next one.
final class StateMarker: Sendable {
    private let directory: String
    private let damage: StateDamage
    private let logger: Logger
    private let mark: Mutex<StateMark>
    private let isWritten: Mutex<Bool>
    /// What the mark said of the namespace.
    let namespace: String?

    /// - Parameter lock: knows whether a version of Glo that knows no mark has run on the directory since it was written.
    init(
        _ directory: String, lock: StateLock, damage: StateDamage, logger: Logger
    ) throws(ControllerError) {
        self.directory = directory
        self.damage = damage
        self.logger = logger
        var known: StateMark?
        do throws(StateFileError) {
            known = try StateMark.read(directory)
        } catch {
            guard error.kind != .unusable else {
                throw ControllerError(.configuration, error.message, hint: error.hint)
            }
            damage.repaired(StateMark.fileName, error.message)
        }
        if known != nil, lock.olderRan {
            logger.notice(
                "An older version of Glo ran on this state directory, or a first start was cut short; it is converted again",
                metadata: ["path": "\(directory)"])
            try Self.remove(directory)
        }
        namespace = known?.namespace
        mark = Mutex(lock.olderRan ? StateMark() : known ?? StateMark())
        isWritten = Mutex(known != nil && !lock.olderRan)
        if lock.wasConverted, !StateMark.isConverted(directory) {
            damage.repaired(StateMark.fileName, "\(StateMark.fileName) was gone")
            write()
        }
    }

    /// Without a mark, documents that have no checksum are taken to be old.
    private static func remove(_ directory: String) throws(ControllerError) {
        let path = "\(directory)/\(StateMark.fileName)"
        guard unlink(path) == 0 else { throw .system("cannot remove \(path)", errno) }
    }

    /// The SHA-256 that a file had; nil when none is known.
    func digest(of name: String) -> String? { mark.withLock { $0.digests[name] } }

    /// Notes what a file holds.
    func record(_ name: String, _ bytes: [UInt8]) { change { $0.digests[name] = Seal.digest(bytes) } }

    /// Whether a document was there when it was looked at last; from now on it is expected, when it is there.
    func wasPresent(_ name: String, isPresent: Bool) -> Bool {
        let was = mark.withLock { $0.present?.contains(name) ?? false }
        if isPresent && !was { change { $0.present = (($0.present ?? []) + [name]).sorted() } }
        return was
    }

    /// Somebody took the file away.
    func forget(_ name: String) { change { $0.digests[name] = nil } }

    /// Everything has its checksum.
    ///
    /// - Returns: whether that has been written down.
    func finish(namespace: String) -> Bool {
        change { $0.namespace = namespace }
        if !isWritten.withLock(\.self) { write() }
        return isWritten.withLock(\.self)
    }

    private func change(_ body: (inout StateMark) -> Void) {
        let isChanged = mark.withLock { mark -> Bool in
            let before = mark
            body(&mark)
            return mark != before
        }
        if isChanged, isWritten.withLock(\.self) { write() }
    }

    private func write() {
        do throws(StateFileError) {
            try mark.withLock(\.self).write(directory)
            isWritten.withLock { $0 = true }
        } catch {
            logger.error("The mark of the state directory cannot be written", metadata: ["reason": "\(error)"])
        }
    }
}
