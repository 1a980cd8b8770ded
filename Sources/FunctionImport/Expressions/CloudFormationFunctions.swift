import TextForms
import Yams
import FunctionModel

/// CloudFormation's intrinsic functions, as far as a file alone tells their values: parameters by their defaults,
/// resources by their names.
///
/// Source: the CloudFormation user guide, "Intrinsic function reference" and "Pseudo parameters reference".
final class CloudFormationFunctions {
    /// Where parameters, mappings, conditions and resources are looked up.
    protocol Template: AnyObject {
        /// A member of a section such as `Parameters`; nil when there is none.
        func entry(_ section: String, _ name: String) -> DocumentValue?
        /// The text of a pattern of `Fn::Sub`, in which `${Name}` still stands.
        func pattern(_ value: DocumentValue) -> DocumentValue.Content
    }

    typealias Content = DocumentValue.Content

    private weak var template: (any Template)?

    init(_ template: any Template) { self.template = template }

    /// A node that is a call: the function's name without `Fn::`, and its argument. Nil for plain nodes.
    static func call(_ value: DocumentValue, _ node: Node) -> (name: String, argument: DocumentValue)? {
        if let tag = DocumentValue.ownTag(of: node) { return (tag, value.child(untagged(node))) }
        guard let mapping = node.mapping, mapping.count == 1, let (key, argument) = mapping.first,
            let name = key.scalar?.string
        else { return nil }
        if name.hasPrefix("Fn::") { return (String(name.dropFirst(4)), value.child(argument)) }
        return name == "Ref" || name == "Condition" && argument.scalar != nil ? (name, value.child(argument)) : nil
    }

    /// The same node as if its tag were not there.
    private static func untagged(_ node: Node) -> Node {
        switch node {
        case .scalar(let scalar): .scalar(Node.Scalar(scalar.string, Tag(.str), .doubleQuoted, scalar.mark))
        case .sequence(let items): .sequence(Node.Sequence(Array(items), Tag(.seq), items.style, items.mark))
        case .mapping(let mapping):
            .mapping(Node.Mapping(mapping.map { ($0.key, $0.value) }, Tag(.map), mapping.style, mapping.mark))
        case .alias: node
        }
    }

    func evaluate(_ name: String, _ argument: DocumentValue, at value: DocumentValue) -> Content {
        switch name {
        case "Ref": argument.word.map { reference($0, at: value) } ?? badArgument(name)
        case "GetAtt": attribute(argument, at: value)
        case "Sub": substitute(argument, at: value)
        case "Join": join(argument)
        case "Split": split(argument, at: value)
        case "Select": select(argument)
        case "FindInMap": findInMap(argument)
        case "If": choose(argument)
        case "Base64": text(argument) { Base64.encode(Array($0.utf8)) }
        case "Length": argument.isList ? .text(String(argument.items.count)) : badArgument(name)
        case "ImportValue": .unknown("the value of another stack is known at deployment only")
        default: .unknown("\(name) is known at deployment only")
        }
    }

    // MARK: References

    func reference(_ name: String, at value: DocumentValue) -> Content {
        switch name {
        case "AWS::NoValue": return .null
        case "AWS::Region": return .text(DeploymentPlace.region)
        case "AWS::AccountId": return .text(DeploymentPlace.account)
        case "AWS::Partition": return .text("aws")
        case "AWS::URLSuffix": return .text("amazonaws.com")
        default: break
        }
        guard !name.hasPrefix("AWS::") else { return .unknown("\(name) is known at deployment only") }
        if let parameter = template?.entry("Parameters", name) { return self.parameter(parameter, name, at: value) }
        guard let resource = template?.entry("Resources", name) else {
            return .unknown("there is no parameter or resource '\(name)' in the file")
        }
        return physicalName(name, resource).map { .text($0) }
            ?? .unknown("what '\(name)' is called is known at deployment only")
    }

    /// A parameter's default, where that is what a deployment without options takes.
    private func parameter(_ parameter: DocumentValue, _ name: String, at value: DocumentValue) -> Content {
        let type = parameter["Type"]?.word ?? "String"
        if type.hasPrefix("AWS::SSM::") {
            return .unknown("the parameter '\(name)' is read from Systems Manager at deployment")
        }
        if let hidden = parameter["NoEcho"], hidden.truth != false {
            return .unknown("the parameter '\(name)' is a secret: 'glo secret set' and 'secrets:'")
        }
        guard let given = parameter["Default"] else { return .unknown("the parameter '\(name)' has no default") }
        switch given.content {
        case .text(let text):
            guard type == "CommaDelimitedList" || type.hasPrefix("List<") else { return .text(text) }
            let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
            return .list(parts.map { DocumentValue(.text(String($0).trimmingBlanks()), at: value) })
        case .null: return .text("")
        case .list, .mapping: return .unknown("the default of '\(name)' is no text")
        case .unknown(let reason): return .unknown(reason)
        }
    }

    /// Resources whose `Ref` is a name, and the property that gives it.
    private static let nameKeys = [
        "AWS::DynamoDB::Table": "TableName", "AWS::Serverless::SimpleTable": "TableName",
        "AWS::DynamoDB::GlobalTable": "TableName", "AWS::S3::Bucket": "BucketName", "AWS::SSM::Parameter": "Name",
        "AWS::Events::EventBus": "Name", "AWS::Kinesis::Stream": "Name", "AWS::Logs::LogGroup": "LogGroupName",
        "AWS::IAM::Role": "RoleName", "AWS::CloudWatch::Alarm": "AlarmName", "AWS::ECS::Cluster": "ClusterName",
    ]

    /// What a resource is called: queues, topics and functions as Glo calls them, others by the name that the file gives.
    func physicalName(_ id: String, _ resource: DocumentValue) -> String? {
        let type = resource["Type"]?.word ?? ""
        func given(_ key: String) -> Content? { resource["Properties"]?[key]?.content }
        func name(_ key: String) -> String? {
            switch given(key) {
            case .text(let text)?: text
            case nil, .null?: id
            case .list?, .mapping?, .unknown?: nil
            }
        }
        switch type {
        case "AWS::SQS::Queue": return name("QueueName")
        case "AWS::SNS::Topic": return name("TopicName")
        case "AWS::Serverless::Function", "AWS::Lambda::Function":
            guard let given = name("FunctionName") else { return nil }
            return NameRule.functionName(id, given: given == id ? nil : given)
        default:
            guard let key = Self.nameKeys[type], case .text(let text)? = given(key) else { return nil }
            return text
        }
    }

    private func attribute(_ argument: DocumentValue, at value: DocumentValue) -> Content {
        let parts =
            argument.isList
            ? argument.items.compactMap(\.word)
            : argument.word?.split(separator: ".", maxSplits: 1).map(String.init) ?? []
        guard parts.count == 2 else { return badArgument("GetAtt") }
        return attribute(parts[1], of: parts[0])
    }

    private func attribute(_ attribute: String, of id: String) -> Content {
        let unknown = Content.unknown("\(id).\(attribute) is known at deployment only")
        guard let resource = template?.entry("Resources", id), let name = physicalName(id, resource) else {
            return unknown
        }
        switch (attribute, resource["Type"]?.word ?? "") {
        // As Glo's own APIs name them.
        case ("Arn", "AWS::SQS::Queue"): return .text(LambdaIdentity.arn("sqs", name))
        case ("Arn", "AWS::SNS::Topic"), ("TopicArn", "AWS::SNS::Topic"):
            return .text(LambdaIdentity.arn("sns", name))
        case ("Arn", "AWS::Serverless::Function"), ("Arn", "AWS::Lambda::Function"):
            return .text(LambdaIdentity.arn("lambda", "function:\(name)"))
        case ("QueueName", "AWS::SQS::Queue"), ("TopicName", "AWS::SNS::Topic"): return .text(name)
        default: return unknown
        }
    }

    // MARK: Texts and lists

    private func substitute(_ argument: DocumentValue, at value: DocumentValue) -> Content {
        let variables = argument.isList ? argument.items.dropFirst().first : nil
        let pattern: DocumentValue? = argument.isList ? argument.items.first : argument
        guard let pattern, let content = template?.pattern(pattern) else { return badArgument("Sub") }
        guard case .text(let text) = content else { return content }
        var rest = text[...]
        var result = ""
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { return badArgument("Sub") }
            let name = String(rest[start.upperBound..<end]).trimmingBlanks()
            if name.hasPrefix("!") {
                result += "${\(name.dropFirst())}"
            } else {
                switch variable(name, variables, at: value) {
                case .text(let text): result += text
                case .unknown(let reason): return .unknown(reason)
                case .null, .list, .mapping: return .unknown("'${\(name)}' is no text")
                }
            }
            rest = rest[rest.index(after: end)...]
            guard result.utf8.count <= EvaluationBudget.largestText else {
                return .unknown(EvaluationBudget.exceeded)
            }
        }
        return .text(result + rest)
    }

    private func variable(_ name: String, _ variables: DocumentValue?, at value: DocumentValue) -> Content {
        if let value = variables?[name] { return value.content }
        if let dot = name.firstIndex(of: ".") {
            return attribute(String(name[name.index(after: dot)...]), of: String(name[..<dot]))
        }
        return reference(name, at: value)
    }

    private func join(_ argument: DocumentValue) -> Content {
        guard argument.items.count == 2, let separator = argument.items[0].word else { return badArgument("Join") }
        let list = argument.items[1]
        guard case .list(let items) = list.content else {
            if case .unknown(let reason) = list.content { return .unknown(reason) }
            return badArgument("Join")
        }
        var texts: [String] = []
        for item in items {
            switch item.content {
            case .text(let text): texts.append(text)
            case .null: continue
            case .unknown(let reason): return .unknown(reason)
            case .list, .mapping: return badArgument("Join")
            }
        }
        let text = texts.joined(separator: separator)
        return text.utf8.count <= EvaluationBudget.largestText ? .text(text) : .unknown(EvaluationBudget.exceeded)
    }

    private func split(_ argument: DocumentValue, at value: DocumentValue) -> Content {
        guard argument.items.count == 2, let separator = argument.items[0].word, !separator.isEmpty else {
            return badArgument("Split")
        }
        switch argument.items[1].content {
        case .text(let text):
            return .list(Self.parts(of: text, separator).map { DocumentValue(.text($0), at: value) })
        case .unknown(let reason): return .unknown(reason)
        case .null, .list, .mapping: return badArgument("Split")
        }
    }

    private static func parts(of text: String, _ separator: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }

    private func select(_ argument: DocumentValue) -> Content {
        guard argument.items.count == 2 else { return badArgument("Select") }
        guard let index = argument.items[0].word.flatMap({ Int($0) }) else {
            if case .unknown(let reason) = argument.items[0].content { return .unknown(reason) }
            return badArgument("Select")
        }
        switch argument.items[1].content {
        case .list(let items): return items.indices.contains(index) ? items[index].content : badArgument("Select")
        case .unknown(let reason): return .unknown(reason)
        case .null, .text, .mapping: return badArgument("Select")
        }
    }

    private func findInMap(_ argument: DocumentValue) -> Content {
        guard argument.items.count >= 3 else { return badArgument("FindInMap") }
        var keys: [String] = []
        for item in argument.items.prefix(3) {
            if case .unknown(let reason) = item.content { return .unknown(reason) }
            guard let key = item.word else { return badArgument("FindInMap") }
            keys.append(key)
        }
        if let found = template?.entry("Mappings", keys[0])?[keys[1]]?[keys[2]] { return found.content }
        if argument.items.count == 4, let fallback = argument.items[3]["DefaultValue"] { return fallback.content }
        return .unknown("the mapping '\(keys[0])' has no '\(keys[1]).\(keys[2])'")
    }

    private func text(_ argument: DocumentValue, _ change: (String) -> String) -> Content {
        switch argument.content {
        case .text(let text): Unresolved.flaw(in: text).map { .unknown($0) } ?? .text(change(text))
        case .unknown(let reason): .unknown(reason)
        case .null, .list, .mapping: badArgument("Base64")
        }
    }

    private func badArgument(_ name: String) -> Content { .unknown("the arguments of \(name) are not understood") }

    // MARK: Conditions

    private func choose(_ argument: DocumentValue) -> Content {
        guard argument.items.count == 3, let name = argument.items[0].word else { return badArgument("If") }
        switch condition(named: name) {
        case true?: return argument.items[1].content
        case false?: return argument.items[2].content
        case nil: return .unknown("the condition '\(name)' is known at deployment only")
        }
    }

    /// Nil when it cannot be told.
    func condition(named name: String) -> Bool? {
        guard let value = template?.entry("Conditions", name), conditionsInHand.insert(name).inserted else {
            return nil
        }
        defer { conditionsInHand.remove(name) }
        return condition(value)
    }

    /// Those that are being evaluated: one that names itself cannot be told.
    private var conditionsInHand: Set<String> = []

    private func condition(_ value: DocumentValue) -> Bool? {
        guard conditionsInHand.count < 32, let node = value.node,
            let (name, argument) = Self.call(value, node)
        else { return nil }
        switch name {
        case "Condition": return argument.word.flatMap { condition(named: $0) }
        case "Equals":
            guard argument.items.count == 2, let one = argument.items[0].word, let other = argument.items[1].word else {
                return nil
            }
            return one.contains(DeploymentPlace.mark) || other.contains(DeploymentPlace.mark) ? nil : one == other
        case "Not": return argument.items.count == 1 ? condition(argument.items[0]).map { !$0 } : nil
        case "And":
            let parts = argument.items.map { condition($0) }
            return parts.contains(false) ? false : parts.contains(nil) || parts.isEmpty ? nil : true
        case "Or":
            let parts = argument.items.map { condition($0) }
            return parts.contains(true) ? true : parts.contains(nil) || parts.isEmpty ? nil : false
        default: return nil
        }
    }
}
