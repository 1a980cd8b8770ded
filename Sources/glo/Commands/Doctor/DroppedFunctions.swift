import FunctionCatalog
import HostChecks

/// What lies in a functions directory, checked as the catalogue checks it.
enum DroppedFunctions {
    /// Nil when the directory cannot be read. Entries that the catalogue passes over are left out.
    static func reports(in directory: String) -> [ValidationReport]? {
        HostSource.system.entries(directory)?.compactMap { entry in
            guard !entry.hasPrefix("."), !entry.hasPrefix("_") else { return nil }
            let report = FunctionCatalog.validate(path: "\(directory)/\(entry)")
            return report.isValid ? report : nil
        }
    }
}
