import FunctionModel

/// The resource names that clients of AWS know things by. The region and the account are always Glo's own; whatever a
/// client writes there is taken.
enum LambdaARN {
    static func function(_ name: String, qualifier: String? = nil) -> String {
        let arn = "arn:aws:lambda:\(LambdaIdentity.region):\(LambdaIdentity.account):function:\(name)"
        return qualifier.map { "\(arn):\($0)" } ?? arn
    }

    static func mapping(_ uuid: String) -> String {
        "arn:aws:lambda:\(LambdaIdentity.region):\(LambdaIdentity.account):event-source-mapping:\(uuid)"
    }

    static func queue(_ topic: String) -> String {
        "arn:aws:sqs:\(LambdaIdentity.region):\(LambdaIdentity.account):\(topic)"
    }

    /// The topic that `arn:aws:sqs:REGION:ACCOUNT:NAME` or `arn:glo:topic:::NAME` means.
    static func topic(_ arn: String) -> String? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[5].isEmpty else { return nil }
        let isQueue = parts[1].hasPrefix("aws") && parts[2] == "sqs"
        let isTopic = parts[1] == "glo" && parts[2] == "topic"
        return isQueue || isTopic ? String(parts[5]) : nil
    }
}
