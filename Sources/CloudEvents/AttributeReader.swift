/// Takes attributes out of what was received, checking each.
struct AttributeReader {
    private var rest: [String: CloudEventValue]

    init(_ attributes: [String: CloudEventValue]) { rest = attributes }

    mutating func takeRequired(_ name: String) throws(CloudEventError) -> String {
        guard let text = try take(name) else { throw .malformed("The event has no '\(name)'.") }
        return text
    }

    mutating func take(_ name: String) throws(CloudEventError) -> String? {
        switch rest.removeValue(forKey: name) {
        case nil: return nil
        case .string(let text):
            guard !text.isEmpty else { throw .malformed("The event's '\(name)' is empty.") }
            guard AttributeRules.isText(text) else {
                throw .malformed("The event's '\(name)' has characters that no attribute may have.")
            }
            return text
        case .integer, .boolean: throw .malformed("The event's '\(name)' is not a string.")
        }
    }

    /// All that is left.
    func takeExtensions() throws(CloudEventError) -> [String: CloudEventValue] {
        for (name, value) in rest {
            guard AttributeRules.isName(name) else {
                throw .malformed(
                    "'\(AttributeRules.shown(name))' cannot be an attribute: names are small letters and digits.")
            }
            guard name != "data" else { throw .malformed("No attribute may have the name 'data'.") }
            if case .string(let text) = value, !AttributeRules.isText(text) {
                throw .malformed("The event's '\(name)' has characters that no attribute may have.")
            }
        }
        return rest
    }
}
