import FunctionModel

/// The region and the account of a deployment, which only the deployment knows. In ARNs of queues, topics and functions
/// they are those of Glo's own APIs; in any other text they make that no value.
///
/// Texts carry them with a mark around, which no file holds, until the text is whole.
enum DeploymentPlace {
    /// A character of private use.
    static let mark: Character = "\u{F8FE}"
    static let region = "\(mark)\(LambdaIdentity.region)\(mark)"
    static let account = "\(mark)\(LambdaIdentity.account)\(mark)"

    /// The text without marks when it is an ARN of something that Glo has an API for; else as it is.
    static func inOwnARN(_ text: String) -> String {
        guard text.contains(mark), ["sqs", "sns", "lambda"].contains(where: { text.hasPrefix("arn:aws:\($0):") }) else {
            return text
        }
        return text.filter { $0 != mark }
    }
}
