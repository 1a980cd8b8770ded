import Yams

/// Reads CloudFormation's intrinsic functions, as far as a template alone tells their values: parameters by their
/// defaults, resources by their names.
struct SAMValues {
    let root: DocumentValue

    /// A scalar or an intrinsic function; nil when its value is known at deployment only.
    func text(_ value: DocumentValue?) -> String? {
        guard let value else { return nil }
        if let tag = value.ownTag { return call(tag, value) }
        if let text = value.text { return text }
        guard value.members.count == 1, let only = value.members.first else { return nil }
        let name = only.key.hasPrefix("Fn::") ? String(only.key.dropFirst(4)) : only.key
        return call(name, only.value)
    }

    func integer(_ value: DocumentValue?) -> Int? { text(value).flatMap { Int($0) } }

    private func call(_ name: String, _ argument: DocumentValue) -> String? {
        switch name {
        case "Ref": argument.text.flatMap(reference)
        case "GetAtt": attribute(argument)
        case "Sub": substitute(argument)
        case "Join": join(argument)
        default: nil
        }
    }

    private func reference(_ name: String) -> String? {
        switch name {
        case "AWS::Region": return "us-east-1"
        case "AWS::AccountId": return "000000000000"
        case "AWS::Partition": return "aws"
        case "AWS::StackName": return "stack"
        default: break
        }
        if let parameter = root["Parameters"]?[name] { return parameter["Default"]?.text }
        return resourceName(name)
    }

    /// What a resource is called: by itself where it says so, else by its logical id.
    private func resourceName(_ name: String) -> String? {
        guard let resource = root["Resources"]?[name] else { return nil }
        let keys = ["QueueName", "TopicName", "FunctionName", "TableName", "BucketName"]
        return keys.lazy.compactMap { text(resource["Properties"]?[$0]) }.first ?? name
    }

    private func attribute(_ argument: DocumentValue) -> String? {
        let parts =
            argument.isList
            ? argument.items.compactMap(\.text) : argument.text?.split(separator: ".", maxSplits: 1).map(String.init)
        guard let parts, parts.count == 2, let name = resourceName(parts[0]) else { return nil }
        switch parts[1] {
        case "Arn": return arn(name, of: parts[0])
        case "QueueName", "TopicName": return name
        default: return nil
        }
    }

    /// As Glo's own APIs name it.
    private func arn(_ name: String, of id: String) -> String? {
        switch root["Resources"]?[id]?["Type"]?.text {
        case "AWS::SQS::Queue": "arn:aws:sqs:us-east-1:000000000000:\(name)"
        case "AWS::SNS::Topic": "arn:aws:sns:us-east-1:000000000000:\(name)"
        case "AWS::Serverless::Function", "AWS::Lambda::Function":
            "arn:aws:lambda:us-east-1:000000000000:function:"
                + NameRule.functionName(id, given: text(root["Resources"]?[id]?["Properties"]?["FunctionName"]))
        default: nil
        }
    }

    private func substitute(_ argument: DocumentValue) -> String? {
        let pattern = argument.isList ? argument.items.first?.text : argument.text
        let variables = argument.isList ? argument.items.dropFirst().first : nil
        guard var rest = pattern?[...] else { return nil }
        var result = ""
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { return nil }
            let name = String(rest[start.upperBound..<end])
            if name.hasPrefix("!") {
                result += "${\(name.dropFirst())}"
            } else {
                guard let value = variable(name, variables) else { return nil }
                result += value
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private func variable(_ name: String, _ variables: DocumentValue?) -> String? {
        if let value = variables?[name] { return text(value) }
        if name.contains(".") { return attribute(DocumentValue(node: Node(name), place: "")) }
        return reference(name)
    }

    private func join(_ argument: DocumentValue) -> String? {
        guard argument.items.count == 2, let separator = argument.items[0].text else { return nil }
        let parts = argument.items[1].items.map { text($0) }
        guard parts.allSatisfy({ $0 != nil }) else { return nil }
        return parts.compactMap(\.self).joined(separator: separator)
    }
}
