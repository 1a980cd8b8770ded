import DispatchCore
import FoundationEssentials

/// The time zones of the system's database.
enum TimeZoneFiles {
    private static let directory = "/usr/share/zoneinfo"
    private static let largest = 1 << 20

    /// - Throws: when there is no such zone. The manifest was checked, but the database may have changed since.
    static func load(_ name: String) throws(ControllerError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        let isName = name.utf8.allSatisfy { byte in
            (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || "/_+-".utf8.contains(byte)
        }
        guard isName, !name.hasPrefix("/"), !name.split(separator: "/").contains(".."),
            let data = try? Data(contentsOf: URL(filePath: "\(directory)/\(name)")), data.count <= largest,
            let rules = TimeZoneRules(tzif: Array(data))
        else {
            throw ControllerError(
                .configuration, "there is no time zone '\(name)'", hint: "apt-get install tzdata has them all")
        }
        return rules
    }
}
