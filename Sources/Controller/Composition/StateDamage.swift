import Logging
import Synchronization

/// What is damaged in the state directory and stays so until somebody mends it: told in the log once, and in the status
/// as long as it lasts.
final class StateDamage: Sendable {
    private let sentences = Mutex<[String: String]>([:])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// - Parameter place: the file, by which a later sentence takes the place of this one.
    func note(_ place: String, _ sentence: String) {
        let isNews = sentences.withLock { $0.updateValue(sentence, forKey: place) != sentence }
        if isNews {
            logger.error("The state directory is damaged", metadata: ["path": "\(place)", "reason": "\(sentence)"])
        }
    }

    /// Something was damaged and is not any more: nothing is lost, but the operator should know.
    func repaired(_ place: String, _ sentence: String) {
        logger.warning(
            "A damaged file of the state directory was made anew",
            metadata: ["path": "\(place)", "reason": "\(sentence)"])
    }

    func has(_ place: String) -> Bool { sentences.withLock { $0[place] != nil } }

    var all: [String] { sentences.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } }
}
