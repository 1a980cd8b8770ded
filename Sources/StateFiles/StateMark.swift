import FoundationEssentials
import Glibc

/// `<state>/state.json`: what says that a state directory is of this format, and so that each of its documents has a
/// checksum: one that has none is damaged from then on, not old. It also repeats what the small files hold that are
/// made once, so that the loss of one is noticed, or made good.
package struct StateMark: Codable, Hashable, Sendable {
    /// 1 is what no mark has.
    package static let currentFormat = 2
    package static let fileName = "state.json"
    private static let limit = 1 << 16

    package var format = StateMark.currentFormat
    /// What the file `namespace` holds.
    package var namespace: String?
    /// SHA-256 of files that are made once, by name.
    package var digests: [String: String] = [:]

    /// Documents that are there and would otherwise be missed by nobody. Sorted.
    package var present: [String]?

    package init() {}

    /// Whether documents without a checksum are damaged. A mark that cannot be read is one all the same.
    package static func isConverted(_ stateDirectory: String) -> Bool {
        var status = stat()
        return lstat("\(stateDirectory)/\(fileName)", &status) == 0
    }

    /// Nil when there is none.
    ///
    /// - Throws: `damaged`; `unusable` when a newer version of Glo wrote it.
    package static func read(_ stateDirectory: String) throws(StateFileError) -> StateMark? {
        let path = "\(stateDirectory)/\(fileName)"
        guard let bytes = try StateFile.readSealed(path, as: fileName, limit: limit, allowsUnsealed: false) else {
            return nil
        }
        guard let mark = try? JSONDecoder().decode(StateMark.self, from: Data(bytes)) else {
            throw StateFileError(.damaged, "\(path) is not what Glo writes")
        }
        guard mark.format <= currentFormat else {
            throw StateFileError(
                .unusable, "\(stateDirectory) is of format \(mark.format); this version knows \(currentFormat)",
                hint: "run the newer version of Glo that has written it")
        }
        return mark
    }

    package func write(_ stateDirectory: String) throws(StateFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("texts and a number are JSON") }
        try StateFile.replace(
            "\(stateDirectory)/\(Self.fileName)", with: Seal.sealed(Array(data), as: Self.fileName))
    }
}
