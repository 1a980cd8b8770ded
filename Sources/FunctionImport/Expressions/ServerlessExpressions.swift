import Yams
import FunctionModel

/// The Serverless Framework's variables, and CloudFormation's functions beside them, as a deployment without options
/// would see them: the file, those that it includes, and the environment.
final class ServerlessExpressions: Expressions, CloudFormationFunctions.Template {
    typealias Content = DocumentValue.Content

    /// The imported file, when it is read.
    weak var root: DocumentValue?
    let environment: [String: String]
    let files: FilesBeside
    private(set) lazy var functions = CloudFormationFunctions(self)
    private var budget = EvaluationBudget()
    /// What `file(…)` has read, by path.
    private var included: [String: Found] = [:]

    /// What became of a variable or of one of its sources.
    private enum Found {
        case value(Content)
        /// There is none: the next source counts.
        case missing
        /// It has one that cannot be told here: no other source counts.
        case unknown(String)
    }

    init(environment: [String: String], files: FilesBeside) {
        self.environment = environment
        self.files = files
    }

    func evaluated(_ value: DocumentValue, _ node: Node) -> Content {
        guard budget.enter() else { return .unknown(EvaluationBudget.exceeded) }
        defer { budget.leave() }
        let isTagged = DocumentValue.ownTag(of: node) != nil
        if let (name, argument) = CloudFormationFunctions.call(value, node), isTagged || name != "Condition" {
            return functions.evaluate(name, argument, at: value)
        }
        if let macro = node.mapping?.first(where: { $0.key.scalar?.string.hasPrefix("Fn::") == true })?.key.scalar {
            return .unknown("\(macro.string) is carried out at deployment only")
        }
        guard let text = node.scalar?.string else { return value.structure(node) }
        if text.contains("{{resolve:") { return .unknown("a dynamic reference is resolved at deployment only") }
        return text.contains("${") ? expanded(text, at: value) : value.structure(node)
    }

    func entry(_ section: String, _ name: String) -> DocumentValue? {
        guard let resources = root?["resources"] else { return nil }
        let parts = resources.isList ? resources.items : [resources]
        return parts.lazy.compactMap { $0[section]?[name] }.first
    }

    /// The framework's variables are put in before CloudFormation sees the pattern.
    func pattern(_ value: DocumentValue) -> Content {
        guard let text = value.node?.scalar?.string else { return value.content }
        return expanded(text, at: value, keepsPlaceholders: true)
    }

    // MARK: Texts

    /// A text with its variables; one that is a single variable has that one's value, of whatever kind.
    private func expanded(_ text: String, at value: DocumentValue, keepsPlaceholders: Bool = false) -> Content {
        var rest = text[...]
        var result = ""
        while let start = rest.firstRange(of: "${") {
            guard let end = Braces.close(rest[start.upperBound...]) else {
                return .unknown("a variable in it is not closed")
            }
            let inner = rest[start.upperBound..<end]
            let after = rest.index(after: end)
            result += rest[..<start.lowerBound]
            if !ServerlessVariable.isVariable(inner), !isLiteral(inner) {
                guard keepsPlaceholders else { return .unknown("'${\(inner)}' is not a variable that is read") }
                result += rest[start.lowerBound..<after]
            } else {
                let content = self.content(of: inner, at: value)
                if start.lowerBound == text.startIndex, after == text.endIndex { return content }
                switch content {
                case .text(let text): result += text
                case .unknown(let reason): return .unknown(reason)
                case .null, .list, .mapping: return .unknown("'${\(inner)}' is not a text")
                }
            }
            guard result.utf8.count <= EvaluationBudget.largestText else { return .unknown(EvaluationBudget.exceeded) }
            rest = rest[after...]
        }
        return .text(result + rest)
    }

    /// Whether a variable begins with a literal, as `${'a'}` and `${"a", 'b'}`.
    private func isLiteral(_ text: Substring) -> Bool {
        text.first == "'" || text.first == "\"" || text.hasPrefix("${")
    }

    private func content(of variable: Substring, at value: DocumentValue) -> Content {
        switch find(variable, at: value) {
        case .value(let content): content
        case .missing: .unknown("'${\(variable)}' has no value here")
        case .unknown(let reason): .unknown(reason)
        }
    }

    // MARK: Sources

    private func find(_ variable: Substring, at value: DocumentValue) -> Found {
        guard budget.enter() else { return .unknown(EvaluationBudget.exceeded) }
        defer { budget.leave() }
        for source in ServerlessVariable.sources(variable) {
            switch find(source: source, at: value) {
            case .value(let content): return .value(content)
            case .unknown(let reason): return .unknown(reason)
            case .missing: continue
            }
        }
        return .missing
    }

    private func find(source: String, at value: DocumentValue) -> Found {
        if let text = ServerlessVariable.quoted(source) { return found(expanded(text, at: value)) }
        if source.hasPrefix("${"), let end = Braces.close(source.dropFirst(2)),
            source.index(after: end) == source.endIndex
        {
            return find(source[source.index(source.startIndex, offsetBy: 2)..<end], at: value)
        }
        if source == "null" { return .missing }
        if source == "true" || source == "false" || Double(source) != nil { return .value(.text(source)) }
        // The innermost variable first: it may be a part of the address.
        guard case .text(let plain) = expanded(source, at: value) else {
            if case .unknown(let reason) = expanded(source, at: value) { return .unknown(reason) }
            return .unknown("'\(source)' is not a text")
        }
        guard let address = ServerlessVariable.Address(plain) else { return .unknown("'\(plain)' is not understood") }
        return find(address, at: value)
    }

    private func found(_ content: Content) -> Found {
        switch content {
        case .unknown(let reason): .unknown(reason)
        case .null: .missing
        case .text, .list, .mapping: .value(content)
        }
    }

    private func find(_ address: ServerlessVariable.Address, at value: DocumentValue) -> Found {
        let name = address.address ?? ""
        switch address.kind {
        case "self": return walk(root, name, at: value)
        case "env": return find(environment: name)
        // An import has no options.
        case "opt": return .missing
        case "sls" where name == "stage": return stage(at: value)
        case "aws" where name == "region":
            if case .missing = walk(root, "provider.region", at: value) { return .value(.text(LambdaIdentity.region)) }
            return walk(root, "provider.region", at: value)
        case "param": return find(parameter: name, at: value)
        case "file": return find(file: address.argument ?? "", name, at: value)
        case "strToBool": return truth(address.argument ?? "")
        default: return .unknown("the source '\(address.kind)' is known at deployment only")
        }
    }

    private func stage(at value: DocumentValue) -> Found {
        if case .missing = walk(root, "provider.stage", at: value) { return .value(.text("dev")) }
        return walk(root, "provider.stage", at: value)
    }

    private func find(environment name: String) -> Found {
        if let text = environment[name] { return .value(.text(text)) }
        guard root?["useDotenv"]?.truth == true else { return .missing }
        if !files.isThere(".env") { return .missing }
        return .unknown("the variable \(name) may stand in .env, which is not read: export it for glo import")
    }

    private func find(parameter name: String, at value: DocumentValue) -> Found {
        guard case .value(.text(let stage)) = stage(at: value) else { return .unknown("the stage is not known") }
        let own = walk(root, "params.\(stage).\(name)", at: value)
        if case .missing = own { return walk(root, "params.default.\(name)", at: value) }
        return own
    }

    private func truth(_ text: String) -> Found {
        switch text.trimmingBlanks().lowercased() {
        case "true", "1": .value(.text("true"))
        case "false", "0": .value(.text("false"))
        default: .unknown("'strToBool(\(text))' is not understood")
        }
    }

    private func find(file path: String, _ address: String, at value: DocumentValue) -> Found {
        let path = ServerlessVariable.quoted(path) ?? path
        switch include(path, at: value) {
        case .value(.text(let text)): return address.isEmpty ? .value(.text(text)) : .missing
        case .value(let content): return walk(DocumentValue(content, at: value), address, at: value)
        case .missing: return .missing
        case .unknown(let reason): return .unknown(reason)
        }
    }

    private func include(_ path: String, at value: DocumentValue) -> Found {
        if let known = included[path] { return known }
        let found = read(path, at: value)
        included[path] = found
        return found
    }

    private func read(_ path: String, at value: DocumentValue) -> Found {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard !["js", "cjs", "mjs", "ts"].contains(ending) else {
            return .unknown("'file(\(path))' is made by code, which is not run")
        }
        do throws(FilesBeside.Failure) {
            let text = try files.text(path)
            guard ["yml", "yaml", "json"].contains(ending) else { return .value(.text(text)) }
            return parse(text, path, at: value)
        } catch {
            switch error {
            case .missing: return .missing
            case .refused(let reason): return .unknown("'file(\(path))' is not read: \(reason)")
            }
        }
    }

    private func parse(_ text: String, _ path: String, at value: DocumentValue) -> Found {
        do throws(ImportError) {
            let document = try DocumentFile.parse(text, file: path, expressions: self)
            return found(document.content)
        } catch {
            return .unknown("'file(\(path))' is not read: \(error.message)")
        }
    }

    /// What a path of keys leads to, such as `custom.hosts.0`.
    private func walk(_ start: DocumentValue?, _ path: String, at value: DocumentValue) -> Found {
        guard var current = start else { return .missing }
        for key in path.split(separator: ".") {
            switch current.content {
            case .mapping(let members):
                guard let next = members.first(where: { $0.key == key })?.value else { return .missing }
                current = next
            case .list(let items):
                guard let index = Int(key), items.indices.contains(index) else { return .missing }
                current = items[index]
            case .unknown(let reason): return .unknown(reason)
            case .text, .null: return .missing
            }
        }
        return found(current.content(at: value.place))
    }
}
