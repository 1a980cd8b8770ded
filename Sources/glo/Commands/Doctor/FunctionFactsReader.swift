import FunctionCatalog
import FunctionModel
import HostChecks

/// Reads what functions ask for from the functions directory, without a controller.
enum FunctionFactsReader {
    /// Nil when the directory cannot be read. What would be refused is left out.
    static func read(_ directory: String) -> [FunctionFacts]? {
        guard let reports = DroppedFunctions.reports(in: directory) else { return nil }
        return reports.compactMap { report in
            guard let name = report.name, let manifest = report.manifest else { return nil }
            return facts(name, manifest)
        }
    }

    static func facts(_ name: FunctionName, _ manifest: Manifest) -> FunctionFacts {
        let settings = manifest.asyncSettings
        let destinations = [settings.onSuccess, settings.onFailure].compactMap { destination -> String? in
            guard case .url(let url, _) = destination else { return nil }
            return url
        }
        return FunctionFacts(
            name: name.rawValue, memoryBytes: manifest.limits.containerMemoryBytes, minWorkers: manifest.workers.min,
            maxWorkers: manifest.workers.max, hasEgress: manifest.network == .egress, image: manifest.image,
            destinations: destinations, keySets: keySets(manifest), allowsCallbacks: settings.callbacks)
    }

    private static func keySets(_ manifest: Manifest) -> [String] {
        (manifest.triggers ?? []).compactMap { trigger in
            guard case .http(let http) = trigger, case .token(let settings)? = http.auth,
                case .url(let url) = settings.keySet
            else { return nil }
            return url
        }
    }
}
