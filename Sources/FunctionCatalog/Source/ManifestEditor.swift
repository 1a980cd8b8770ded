package import FunctionModel
import Yams

/// Changes keys of a `function.yaml` and leaves everything else as its author wrote it, comments among it.
package struct ManifestEditor: Sendable {
    private let original: String
    private var root: ManifestValue
    private var changedKeys: Set<String> = []

    /// - Throws: `manifestInvalid` when the text is no YAML or no mapping.
    package init(_ text: String) throws(FunctionWriteError) {
        original = text
        root = try Self.read(text)
    }

    /// One without any keys.
    package static var empty: ManifestEditor { ManifestEditor() }

    private init() {
        original = ""
        root = .mapping([])
    }

    /// Milliseconds of a duration such as `30s`, as a manifest has it.
    package static func milliseconds(_ text: String) -> Int? { Quantity.milliseconds(text) }

    private static func read(_ text: String) throws(FunctionWriteError) -> ManifestValue {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text, .basic)
        } catch {
            throw FunctionWriteError(.manifestInvalid, "function.yaml is not valid YAML: \(error)")
        }
        guard let node else { return .mapping([]) }
        if let scalar = node.scalar, scalar.string.isEmpty { return .mapping([]) }
        guard node.mapping != nil else {
            throw FunctionWriteError(.manifestInvalid, "function.yaml is no mapping of keys to values")
        }
        return ManifestValue(node)
    }

    /// A value by the names that lead to it, such as `workers`, `max`. Setting nil removes it, and a mapping that
    /// becomes empty with it.
    package subscript(_ path: String...) -> ManifestValue? {
        get { path.reduce(Optional(root)) { value, key in value?[key] } }
        set {
            guard let first = path.first else { return }
            let before = root
            Self.set(&root, path[...], newValue)
            if root != before { changedKeys.insert(first) }
        }
    }

    private static func set(_ value: inout ManifestValue, _ path: ArraySlice<String>, _ new: ManifestValue?) {
        guard let key = path.first else { return }
        guard path.count > 1 else {
            value[key] = new
            return
        }
        var inner = value[key] ?? .mapping([])
        // What is no mapping is replaced by one; the parser would refuse it anyway.
        if inner.members == nil { inner = .mapping([]) }
        set(&inner, path.dropFirst(), new)
        value[key] = inner.members?.isEmpty == true ? nil : inner
    }

    package var isChanged: Bool { !changedKeys.isEmpty }

    /// The file's new text.
    package func text() throws(FunctionWriteError) -> String {
        guard isChanged else { return original }
        do {
            if let text = try ManifestLines(original)?.replacing(changedKeys, by: root),
                let read = try? Self.read(text), read.meaning == root.meaning
            {
                return text
            }
            // A form in which lines and keys are not one to one, such as `{memory: 1Gi}`: written anew.
            return root.members?.isEmpty == true ? "" : try ManifestLines.write(root)
        } catch {
            throw FunctionWriteError(.manifestInvalid, "function.yaml cannot be written: \(error)")
        }
    }

    /// What Glo takes the text for, and what is wrong with it.
    package static func parse(_ text: String) -> (manifest: Manifest, problems: [CatalogProblem]) {
        let name = FunctionInspector.manifestName
        guard text.utf8.count <= ManifestParser.sizeLimit else {
            let message = "the manifest has more than \(ManifestParser.sizeLimit) bytes"
            return (Manifest(), [CatalogProblem(.tooLarge, message, path: name)])
        }
        let parsed = ManifestParser.parse(text, path: name)
        return (parsed.manifest, parsed.errors)
    }
}
