import FunctionModel

extension Dispatcher {
    /// What a name and a qualifier mean now.
    struct Qualified {
        let function: DeployedFunction
        /// What callers of Lambda's API are told: `$LATEST` or a published number.
        let executedVersion: String
    }

    /// Finds what to invoke.
    ///
    /// - Parameter qualifier: nil or `$LATEST` for what lies in the functions directory, a published number, or an
    ///   alias, which is chosen by its weights.
    /// - Returns: nil when there is no such function, version or alias.
    func qualified(_ name: FunctionName, _ qualifier: String?) -> Qualified? {
        guard qualifier == nil || qualifier == "$LATEST", let function = functions[name] else { return nil }
        return Qualified(function: function, executedVersion: "$LATEST")
    }
}
