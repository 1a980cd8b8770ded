import FunctionModel

/// Versions whose stored copies are not what was deployed. Such a version keeps its routes and what protects them; its
/// handler does not start until the copy has been made anew of what lies in the functions directory.
extension CatalogMachine {
    /// A stored copy was found damaged.
    mutating func damaged(_ name: FunctionName, _ number: Int, reason: String) -> [Action] {
        guard let function = functions[name], let record = function.index.record(number),
            function.damaged[number] == nil
        else { return [] }
        functions[name]?.damaged[number] = reason
        guard let source = function.index.source, source.hash == record.hash else { return [] }
        return lookAgain(at: source.entry)
    }

    /// Whether a damaged version shall take the place of one that serves, and nothing can make it anew.
    func isHopeless(_ number: Int, of name: FunctionName) -> Bool {
        guard let function = functions[name], function.candidate == number, let serving = function.serving,
            serving != number, let record = function.index.record(number)
        else { return false }
        return function.index.source?.hash != record.hash
    }

    /// What lies in the functions directory is the version whose copy is damaged.
    mutating func restore(
        _ staged: StagedFunction, _ record: VersionRecord, _ source: VersionIndex.Source, _ name: FunctionName
    ) -> [Action] {
        var record = record
        record.manifest = staged.manifestText
        functions[name]?.damaged[record.number] = nil
        if let position = functions[name]?.index.versions.firstIndex(where: { $0.number == record.number }) {
            functions[name]?.index.versions[position] = record
        }
        return [.restore(staged, record, name), .save(name)] + select(record, source, of: name)
    }

    /// The copy could not be put in its place.
    mutating func restoreFailed(_ name: FunctionName, _ number: Int, reason: String) {
        functions[name]?.damaged[number] = reason
        // The next look, whatever causes it, is a new try.
        functions[name]?.index.source?.fingerprint = nil
    }

    /// All that is damaged of functions that are there, by function and number.
    var damage: [StoreDamage] {
        functions.flatMap { name, function -> [StoreDamage] in
            guard function.entry != nil else { return [] }
            return function.damaged.compactMap { number, reason in
                guard function.index.record(number) != nil else { return nil }
                return StoreDamage(version: VersionReference(function: name, number: number), reason: reason)
            }
        }
        .sorted { ($0.version.function, $0.version.number) < ($1.version.function, $1.version.number) }
    }
}

extension CatalogMachine.Function {
    /// What is wrong with the stored copy of a version; nil when nothing is.
    func damage(of number: Int?) -> String? {
        number.flatMap { number in damaged[number].map { "version \(number): \($0)" } }
    }
}
