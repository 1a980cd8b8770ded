import FunctionModel
import Yams

/// Reads `function.yaml`: strictly, and telling everything that is wrong at once.
struct ManifestParser {
    /// Bytes of the largest manifest.
    static let sizeLimit = 65_536
    static let keys = [
        "command", "contract", "runtime", "handler", "image", "memory", "cpu", "timeout", "initTimeout", "network",
        "processes", "tmp", "payload", "workers", "environment", "secrets", "triggers", "async", "description",
    ]

    var reader: FieldReader
    var manifest = Manifest()

    /// - Parameter path: the file's name in messages.
    static func parse(_ text: String, path: String) -> ParsedManifest {
        var parser = ManifestParser(reader: FieldReader(path: path))
        parser.read(text)
        return ParsedManifest(
            manifest: parser.manifest,
            errors: parser.reader.errors.sorted { ($0.line ?? 0) < ($1.line ?? 0) },
            warnings: parser.reader.warnings.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }

    private mutating func read(_ text: String) {
        do {
            // The basic resolver leaves every scalar a text: what it means depends on the key alone.
            guard let root = try Yams.compose(yaml: text, .basic) else { return }
            if let scalar = root.scalar, scalar.string.isEmpty { return }
            guard let fields = reader.fields(of: root, in: nil, allowed: Self.keys) else { return }
            readAll(fields)
        } catch let error as YamlError {
            failSyntax(error)
        } catch {
            reader.fail("the manifest is not YAML: \(error)", code: .manifestSyntax, line: nil)
        }
    }

    private mutating func readAll(_ fields: [String: Field]) {
        for field in fields.values where field.isNull {
            reader.fail("'\(field.name)' has no value", hint: "give one or remove the key", line: field.line)
        }
        let fields = fields.filter { !$0.value.isNull }
        readCommand(fields)
        readLimits(fields)
        readWorkers(fields["workers"])
        readEnvironment(fields["environment"])
        readSecrets(fields["secrets"])
        readTriggers(fields["triggers"])
        readAsync(fields["async"])
        readContradictions(fields)
    }

    private mutating func readCommand(_ fields: [String: Field]) {
        manifest.contract = reader.choice(fields["contract"])
        manifest.runtime = runtime(fields["runtime"])
        manifest.handler = reader.text(fields["handler"])
        manifest.image = reader.text(fields["image"], limit: 512)
        manifest.network = reader.choice(fields["network"]) ?? manifest.network
        manifest.payload = reader.choice(fields["payload"]) ?? manifest.payload
        manifest.description = reader.text(fields["description"])
        guard let command = fields["command"] else { return }
        if let line = command.text {
            let words = line.split(separator: " ").joined(separator: ", ")
            reader.fail(
                "'command' is \(command.kind); it must be a list", hint: "write [\(words)]", line: command.valueLine)
            return
        }
        guard let items = reader.items(command, limit: 256) else { return }
        guard !items.isEmpty else { return reader.fail("'command' is an empty list", line: command.valueLine) }
        let words = items.compactMap { reader.argument($0) }
        if words.count == items.count { manifest.command = words }
    }

    private mutating func runtime(_ field: Field?) -> String? {
        guard let field, let text = reader.text(field, limit: 128) else { return nil }
        guard HandlerRuntime(text) != nil else {
            reader.fail(
                "'runtime' is '\(text)', which is no runtime that Glo knows", hint: HandlerRuntime.names,
                line: field.valueLine)
            return nil
        }
        return text
    }

    private mutating func failSyntax(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            reader.fail("this is not valid YAML: \(problem)", code: .manifestSyntax, line: mark.line)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
            reader.fail("the same key comes twice: \(keys)", code: .manifestSyntax, line: context.mark.line)
        case .reader(let problem, _, _, _):
            reader.fail("this is not text in UTF-8: \(problem)", code: .manifestSyntax, line: nil)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            reader.fail("the manifest is not YAML: \(error)", code: .manifestSyntax, line: nil)
        }
    }

    /// A short identifier.
    mutating func name(_ field: Field?, _ noun: String) -> String? {
        guard let field, let text = reader.text(field, limit: 128) else { return nil }
        guard Self.isIdentifier(text) else {
            reader.fail(
                "'\(field.name)' is '\(text)', which is not \(noun)", hint: "letters, digits, '_', '-' and '.'",
                line: field.valueLine)
            return nil
        }
        return text
    }

    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy { byte in
            (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || "_-.".utf8.contains(byte)
        }
    }
}
