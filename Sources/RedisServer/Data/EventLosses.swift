import Glibc

/// What became of damaged events is told for as long as the files that were damaged are kept: each repair puts them,
/// untouched, into a directory of their own with a report, and whoever needs them no more removes it.
package enum EventLosses {
    /// Of the directories' names.
    static let prefix = "damaged-"
    static let reportName = "report.txt"

    /// What is wrong with the files now, in sentences; nothing while Redis uses them, for then it could read them.
    package static func damages(state: String) -> [String] {
        guard let paths = try? RedisPaths(state: state), DataLock(path: paths.lock).holders().isEmpty else { return [] }
        return AppendOnlyInspection(paths).damages
    }

    /// The first line of each report, the latest last.
    package static func told(state: String) -> [String] {
        let redis = "\(state)/redis"
        let names = (try? AppendOnlyDirectory(path: redis).names()) ?? nil ?? []
        return names.filter { $0.hasPrefix(prefix) }.map { name in
            let text = (try? SmallFile.text("\(redis)/\(name)/\(reportName)")) ?? nil
            return text?.split(separator: "\n").first.map(String.init)
                ?? "\(redis)/\(name) has damaged files of events, and no report of what was lost."
        }
    }
}
