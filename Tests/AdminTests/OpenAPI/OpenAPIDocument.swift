import Foundation
import Yams

/// docs/openapi.yaml.
struct OpenAPIDocument {
    struct Operation {
        /// In capitals.
        var method: String
        /// With `{name}` for a parameter.
        var path: String
        var node: Node
        /// What all operations of the path have.
        var shared: Node

        /// What is said of a status; nil when nothing is.
        func response(_ status: Int) -> Node? {
            // A key in quotes is a text, which a look-up by the number's digits does not find.
            (node["responses"]?.mapping ?? [:]).first { $0.key.string == String(status) }?.value
        }
    }

    let root: Node

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let methods: Set = ["get", "post", "put", "delete", "patch"]

    init() throws {
        let text = try String(contentsOfFile: "\(Self.repository)/docs/openapi.yaml", encoding: .utf8)
        guard let node = try Yams.compose(yaml: text) else { throw Problem(text: "docs/openapi.yaml is empty") }
        root = node
    }

    struct Problem: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }

    var operations: [Operation] {
        (root["paths"]?.mapping ?? [:]).flatMap { path, item in
            (item.mapping ?? [:]).compactMap { method, node in
                guard let method = method.string, Self.methods.contains(method) else { return nil }
                return Operation(method: method.uppercased(), path: path.string ?? "", node: node, shared: item)
            }
        }
    }

    func operation(_ method: String, _ path: String) -> Operation? {
        operations.first { $0.method == method && $0.path == path }
    }

    /// The node that a `$ref` names; nil when there is none.
    func resolve(_ reference: String) -> Node? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root) { node, part in node?[String(part)] }
    }

    /// The node, or what it refers to.
    func resolved(_ node: Node) -> Node {
        guard let reference = node["$ref"]?.string, let target = resolve(reference) else { return node }
        return resolved(target)
    }

    /// Every `$ref` below a node.
    static func references(_ node: Node) -> [String] {
        switch node {
        case .mapping(let mapping):
            mapping.flatMap { key, value in
                key.string == "$ref" ? [value.string ?? ""] : references(value)
            }
        case .sequence(let sequence): sequence.flatMap { references($0) }
        case .scalar, .alias: []
        }
    }
}
