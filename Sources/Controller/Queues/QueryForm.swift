import JSONCodec
import TextForms

/// The older protocol's parameters, `Name.1.Part=value` in a form, as the JSON protocol has them.
enum QueryForm {
    /// The action that a form names; empty when it names none. Of several the last one counts.
    static func operation(_ form: String) -> String {
        var operation = ""
        for pair in form.split(separator: "&") {
            if let (name, value) = member(pair), name == "Action" { operation = value }
        }
        return operation
    }

    /// - Parameter path: names the queue when no parameter does.
    static func read(_ form: String, path: String) throws(QueueError) -> QueueParameters {
        var tree = FormNode()
        for pair in form.split(separator: "&") {
            // What is not UTF-8 would be stored as something else.
            guard let (name, value) = member(pair) else { throw .invalid("The request has bytes that are not UTF-8.") }
            tree.add(name.split(separator: ".").map(String.init)[...], value)
        }
        var object = JSONObject()
        for (name, node) in tree.children { add(name, node, to: &object) }
        if object["QueueUrl"] == nil, path.split(separator: "/").count >= 2 { object["QueueUrl"] = .string(path) }
        return QueueParameters(object)
    }

    /// Nil when it is not UTF-8.
    private static func member(_ pair: Substring) -> (name: String, value: String)? {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = decoded(parts[0]), let value = parts.count > 1 ? decoded(parts[1]) : "" else { return nil }
        return (name, value)
    }

    private static func add(_ name: String, _ node: FormNode, to object: inout JSONObject) {
        switch name {
        case "Attribute": object["Attributes"] = map(node, "Name")
        case "Tag": object["Tags"] = map(node, "Key")
        case "MessageAttribute", "MessageSystemAttribute": object[name + "s"] = map(node, "Name")
        case "AttributeName", "MessageAttributeName", "MessageSystemAttributeName", "TagKey":
            object[name + "s"] = .array(node.items.map { .string($0.value ?? "") })
        case "SendMessageBatchRequestEntry", "DeleteMessageBatchRequestEntry",
            "ChangeMessageVisibilityBatchRequestEntry":
            object["Entries"] = .array(node.items.map { .object(Self.object($0)) })
        default: object[name] = .string(node.value ?? "")
        }
    }

    private static func object(_ node: FormNode) -> JSONObject {
        var object = JSONObject()
        for (name, child) in node.children { add(name, child, to: &object) }
        return object
    }

    /// `1.Name=a&1.Value=b`; a single one may come without its number.
    private static func map(_ node: FormNode, _ key: String) -> JSONValue {
        var object = JSONObject()
        for item in node.children[key] == nil ? node.items : [node] {
            guard let name = item.children[key]?.value, let value = item.children["Value"] else { continue }
            object[name] = value.children.isEmpty ? .string(value.value ?? "") : .object(Self.object(value))
        }
        return .object(object)
    }

    private static func decoded(_ text: Substring) -> String? {
        var text = text
        var bytes: [UInt8] = []
        text.withUTF8 { PercentEncoding.decode(UnsafeRawBufferPointer($0), plusIsBlank: true, into: &bytes) }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// A name's value and the names behind its full stop.
private struct FormNode {
    var value: String?
    var children: [String: FormNode] = [:]
    /// Deeper names have no meaning.
    private static let maxDepth = 8

    mutating func add(_ path: ArraySlice<String>, _ value: String) {
        guard let first = path.first, path.count <= Self.maxDepth else {
            self.value = value
            return
        }
        children[first, default: FormNode()].add(path.dropFirst(), value)
    }

    /// The numbered ones, in their order.
    var items: [FormNode] {
        children.compactMap { name, node in Int(name).map { ($0, node) } }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
