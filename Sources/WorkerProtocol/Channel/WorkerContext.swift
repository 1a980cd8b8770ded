package import FunctionModel

/// What a worker's channel knows about the function version that it serves.
package struct WorkerContext: Sendable {
    package let function: FunctionName
    /// The number of the version.
    package let version: Int
    /// Invocations that run at once in this worker.
    package let concurrency: Int
    /// `_HANDLER` of the worker, told to extensions; may be empty.
    package let handler: String
    /// The largest buffered response in bytes; Lambda's is 6 MiB and 100 bytes.
    package let responseLimitBytes: Int

    package init(
        function: FunctionName, version: Int, concurrency: Int = 1, handler: String = "",
        responseLimitBytes: Int = 6_291_556
    ) {
        precondition(concurrency >= 1, "a worker runs at least one invocation at once")
        self.function = function
        self.version = version
        self.concurrency = concurrency
        self.handler = handler
        self.responseLimitBytes = responseLimitBytes
    }

    /// The unqualified ARN of the function.
    package var arn: String { LambdaIdentity.arn("lambda", "function:\(function.rawValue)") }
}
