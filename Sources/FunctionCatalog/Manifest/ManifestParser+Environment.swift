import FunctionModel
import Yams

extension ManifestParser {
    /// Bytes of all names and values together; far below what the kernel takes for one process.
    private static let environmentLimit = 32_768

    mutating func readEnvironment(_ field: Field?) {
        guard let field else { return }
        guard let mapping = field.value.mapping else {
            return reader.fail(
                "'environment' is \(field.kind); it must be a mapping of names to texts", line: field.valueLine)
        }
        var size = 0
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                reader.fail("a name in 'environment' must be a plain word", line: key.mark?.line)
                continue
            }
            let variable = Field(name: "environment.\(name)", value: value, line: key.mark?.line)
            guard let text = variableText(name, variable) else { continue }
            size += name.utf8.count + text.utf8.count + 2
            manifest.environment[name] = text
        }
        if size > Self.environmentLimit {
            reader.fail(
                "'environment' has \(size) bytes; at most \(Self.environmentLimit) are allowed", line: field.line)
        }
    }

    private mutating func variableText(_ name: String, _ variable: Field) -> String? {
        guard ReservedEnvironment.isName(name) else {
            reader.fail(
                "'\(name)' is no name of an environment variable",
                hint: "letters, digits and '_', not beginning with a digit", line: variable.line)
            return nil
        }
        if let reason = ReservedEnvironment.reason(name, contract: manifest.contract) {
            reader.fail(
                "the environment variable '\(name)' is reserved: \(reason)", code: .refused, line: variable.line)
            return nil
        }
        guard let text = variable.text else {
            reader.fail(
                "'\(variable.name)' is \(variable.kind); it must be a text",
                hint: variable.isNull ? "write \"\" for an empty one" : nil, line: variable.valueLine)
            return nil
        }
        guard !text.utf8.contains(0) else {
            reader.fail("'\(variable.name)' holds a zero byte", line: variable.valueLine)
            return nil
        }
        return text
    }

    mutating func readSecrets(_ field: Field?) {
        guard let items = reader.items(field, limit: 64) else { return }
        for item in items {
            guard let secret = name(item, "a name of a secret") else { continue }
            if manifest.secrets.contains(secret) {
                reader.fail("the secret '\(secret)' comes twice", line: item.valueLine)
            } else {
                manifest.secrets.append(secret)
            }
        }
    }
}

extension FieldReader {
    /// A word of a command line: any text without a zero byte, the empty one too.
    mutating func argument(_ field: Field) -> String? {
        guard let text = field.text ?? (field.value.scalar?.style == .plain ? nil : field.value.scalar?.string) else {
            fail("'\(field.name)' is \(field.kind); it must be a text", line: field.valueLine)
            return nil
        }
        guard !text.utf8.contains(0), text.utf8.count <= 65_536 else {
            fail("'\(field.name)' holds a zero byte or is too long", line: field.valueLine)
            return nil
        }
        return text
    }
}
