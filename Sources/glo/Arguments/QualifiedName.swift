import ArgumentParser
import FunctionModel

/// The argument `NAME` or `NAME:QUALIFIER`, checked before anybody is asked.
struct QualifiedName: ParsableArguments {
    @Argument(help: "The function's name; NAME:ALIAS or NAME:NUMBER runs an alias or a published version.")
    var name: String

    @Option(help: "The alias or the published number to run, as in NAME:QUALIFIER.")
    var qualifier: String?

    /// The name alone.
    var function: String { String(name.prefix { $0 != ":" }) }

    /// The alias or the number; nil is the version that serves.
    var wanted: String? { qualifier ?? (name.contains(":") ? String(name.dropFirst(function.count + 1)) : nil) }

    func validate() throws {
        guard FunctionName(function) != nil else {
            throw ValidationError("'\(function)' is not a function's name: \(FunctionName.rule).")
        }
        if qualifier != nil, name.contains(":") {
            throw ValidationError("'\(name)' has a qualifier already, so --qualifier has no place.")
        }
        guard let wanted else { return }
        let isNumber = Int(wanted).map { $0 > 0 } ?? false
        guard isNumber || wanted == "$LATEST" || VersionAlias.isName(wanted) else {
            throw ValidationError("'\(wanted)' is neither a published number nor an alias: \(VersionAlias.rule).")
        }
    }
}
