import InitLink
import FunctionModel
import Logging

/// Secrets that routes are checked against, read again every few seconds, so that a changed one counts without a
/// deployment. Lives on the data plane's event loop; reading a file of a few bytes takes some microseconds.
final class SecretCache {
    private struct Entry {
        /// Nil when it could not be read.
        var contents: [UInt8]?
        var reason: String?
        var readAt: MonotonicTime
    }

    /// How long what was read counts, in milliseconds.
    private static let freshMilliseconds: Int64 = 2_000
    private static let mostEntries = 10_000

    private let files: SecretFiles
    private let logger: Logger
    private let now: () -> MonotonicTime
    private var entries: [String: Entry] = [:]

    init(files: SecretFiles, logger: Logger, now: @escaping () -> MonotonicTime) {
        self.files = files
        self.logger = logger
        self.now = now
    }

    /// The secret's bytes; nil when it cannot be read, which is logged when the reason is a new one.
    func contents(of name: String) -> [UInt8]? {
        let now = now()
        let known = entries[name]
        if let known, now.milliseconds(since: known.readAt) < Self.freshMilliseconds { return known.contents }
        if entries.count >= Self.mostEntries { entries.removeAll() }
        var entry = Entry(contents: nil, reason: nil, readAt: now)
        do throws(ControllerError) {
            entry.contents = try files.load([name]).first?.contents
        } catch {
            entry.reason = "\(error)"
            if known?.reason != entry.reason {
                logger.error(
                    "A route's secret cannot be read; its requests are refused", metadata: ["reason": "\(error)"])
            }
        }
        entries[name] = entry
        return entry.contents
    }
}
