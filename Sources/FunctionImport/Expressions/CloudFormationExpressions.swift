import Yams

/// The expressions of a CloudFormation template.
final class CloudFormationExpressions: Expressions, CloudFormationFunctions.Template {
    /// The template, when it is read.
    weak var root: DocumentValue?
    private(set) lazy var functions = CloudFormationFunctions(self)
    private var budget = EvaluationBudget()

    func evaluated(_ value: DocumentValue, _ node: Node) -> DocumentValue.Content {
        guard budget.enter() else { return .unknown(EvaluationBudget.exceeded) }
        defer { budget.leave() }
        let isTagged = DocumentValue.ownTag(of: node) != nil
        // A member 'Condition' of its own is a resource's, or a policy's.
        if let (name, argument) = CloudFormationFunctions.call(value, node), isTagged || name != "Condition" {
            let content = functions.evaluate(name, argument, at: value)
            if case .text(let text) = content, text.contains("{{resolve:") {
                return .unknown("a dynamic reference is resolved at deployment only")
            }
            return content
        }
        // Macros among the resources add some; what stands beside them is as it is.
        if value.place != "Resources",
            let macro = node.mapping?.first(where: { $0.key.scalar?.string.hasPrefix("Fn::") == true })?.key.scalar
        {
            return .unknown("\(macro.string) is carried out at deployment only")
        }
        if let text = node.scalar?.string, text.contains("{{resolve:") {
            return .unknown("a dynamic reference is resolved at deployment only")
        }
        return value.structure(node)
    }

    func entry(_ section: String, _ name: String) -> DocumentValue? { root?[section]?[name] }

    func pattern(_ value: DocumentValue) -> DocumentValue.Content { value.content }
}
