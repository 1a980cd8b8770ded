import Yams

/// Compares a JSON document with a schema of docs/openapi.yaml: as much of JSON Schema as that file uses. A member that the
/// schema does not name is a difference, since a reader would not know of it.
struct SchemaCheck {
    let document: OpenAPIDocument

    /// What is wrong, each with its place; empty when the value fits.
    func differences(_ value: Node, _ schema: Node, at place: String = "") -> [String] {
        let schema = document.resolved(schema)
        if let choices = schema["oneOf"]?.sequence {
            let fitting = choices.filter { differences(value, $0, at: place).isEmpty }
            return fitting.count == 1 ? [] : ["\(place): \(fitting.count) of the choices fit"]
        }
        if let constant = schema["const"]?.string {
            return value.string == constant ? [] : ["\(place): not \(constant)"]
        }
        if let allowed = schema["enum"]?.sequence, !allowed.contains(where: { $0.string == value.string }) {
            return ["\(place): '\(value.string ?? "")' is none of the values"]
        }
        switch schema["type"]?.string {
        case "object"?: return object(value, schema, place)
        case "array"?:
            guard let items = value.sequence else { return ["\(place): no array"] }
            guard let schema = schema["items"] else { return [] }
            return items.enumerated().flatMap { differences($1, schema, at: "\(place)[\($0)]") }
        case "string"?: return isText(value) ? [] : ["\(place): no string"]
        case "integer"?: return !isText(value) && value.int != nil ? [] : ["\(place): no integer"]
        case "number"?: return !isText(value) && value.float != nil ? [] : ["\(place): no number"]
        case "boolean"?: return !isText(value) && value.bool != nil ? [] : ["\(place): neither true nor false"]
        case let type?: return ["\(place): the schema has the type \(type)"]
        case nil: return []
        }
    }

    private func object(_ value: Node, _ schema: Node, _ place: String) -> [String] {
        guard let members = value.mapping else { return ["\(place): no object"] }
        let properties = schema["properties"]?.mapping
        var found: [String] = []
        for name in schema["required"]?.sequence ?? [] where members[name] == nil {
            found.append("\(place): \(name.string ?? "") is missing")
        }
        for (name, member) in members {
            let text = "\(place).\(name.string ?? "")"
            guard let properties else { continue }
            if let schema = properties[name] {
                found += differences(member, schema, at: text)
            } else {
                found.append("\(text): the schema does not have it")
            }
        }
        return found
    }

    /// JSON's texts are in quotes.
    private func isText(_ node: Node) -> Bool {
        switch node.scalar?.style {
        case .doubleQuoted?, .singleQuoted?: true
        default: false
        }
    }
}
