/// What stands where AWS has a region and an account.
package enum LambdaIdentity {
    package static let region = "us-east-1"
    package static let account = "000000000000"

    /// The name of a thing of this region and account, in the form of AWS' ARNs.
    ///
    /// - Parameters:
    ///   - service: such as `lambda`.
    ///   - resource: such as `function:hello`.
    package static func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):\(region):\(account):\(resource)"
    }
}
