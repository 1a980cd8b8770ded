package import DispatchCore
import Glibc

extension TimeZoneRules {
    private static let directory = "/usr/share/zoneinfo"
    /// Bytes; the largest zones have 4 KiB.
    private static let sizeLimit = 65_536

    /// The rules of a zone such as `Europe/Oslo` from the system's data base. `UTC` needs none.
    package static func load(_ name: String) throws(TimeZoneLoadError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        // No part may begin with a dot, so that no name leads out of the directory.
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ ManifestParser.isIdentifier($0.filter { $0 != "+" }) }) else { throw .unknown }
        guard access(directory, F_OK) == 0 else { throw .noDatabase }
        // What cannot be read, directories among it, is no zone.
        guard let file = try? FileOperations.contents(of: "\(directory)/\(name)", limit: sizeLimit) else {
            throw .unknown
        }
        do throws(TimeZoneFileError) {
            return try TimeZoneRules(file: file)
        } catch {
            throw error == .leapSeconds ? .leapSeconds : .unknown
        }
    }
}
