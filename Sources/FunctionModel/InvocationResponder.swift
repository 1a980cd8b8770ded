/// Whoever waits for an invocation: a client's connection, the command line, later a queue.
/// Everything here happens on the data plane's event loop.
package protocol InvocationResponder: AnyObject {
    /// Takes the next part of the answer. `.result` and `.failure` come at most once and are final, as `.responseEnd` is.
    func reply(_ reply: InvocationReply)

    /// Told which version's worker has the invocation: a deployment while it waited may have changed how results are read.
    func assigned(to version: FunctionVersion)

    /// Told once, before anything is replied, how to hold back a worker that streams faster than the client reads.
    func attach(flow: any InvocationFlow)
}

/// The worker's side of a streamed answer.
package protocol InvocationFlow: AnyObject {
    /// Stops reading from the handler until ``resumeReading()``.
    func pauseReading()
    func resumeReading()
}
