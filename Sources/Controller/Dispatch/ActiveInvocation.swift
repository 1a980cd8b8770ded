import FunctionModel

/// An invocation from its arrival until its worker is free again, with whoever waits for it.
///
/// Lives on the data plane's event loop.
final class ActiveInvocation {
    private(set) var invocation: Invocation
    /// Nil once the final reply was given, so that nobody is answered twice.
    private(set) var responder: (any InvocationResponder)?
    /// The worker that runs it; nil while it waits.
    var worker: WorkerEntry?
    var assignedAt: MonotonicTime?
    /// Whether it had to wait for a worker to start.
    var cold = false
    /// When its exec run was told to end, since its time was over.
    var cancelledAt: MonotonicTime?
    /// A lost connection to an `http` handler, until its exit report, which says more, has had time to come.
    var heldFailure: InvocationFailure?
    /// Whether a part of the answer has been passed on.
    private(set) var hasBegun = false

    init(invocation: Invocation, responder: any InvocationResponder) {
        self.invocation = invocation
        self.responder = responder
    }

    /// After SIGTERM come two seconds, SIGKILL, and then it must be gone.
    private static let cancelGraceMilliseconds = 3_000

    /// When its time is over: that of the answer, then that of the handler's end.
    var dueAt: MonotonicTime {
        cancelledAt?.advanced(byMilliseconds: Self.cancelGraceMilliseconds) ?? invocation.deadline
    }

    /// The time limit that it was given, in milliseconds.
    var limitMilliseconds: Int64 {
        let start = invocation.limitBeginsWithRun ? assignedAt ?? invocation.receivedAt : invocation.receivedAt
        return invocation.deadline.milliseconds(since: start)
    }

    var isAnswered: Bool { responder == nil }

    /// A worker has it. The time limit of an event and of Lambda's callers begins now; that of another call began with
    /// its arrival.
    func begins(at now: MonotonicTime, unixMilliseconds: Int64, timeoutMilliseconds: Int) {
        assignedAt = now
        guard invocation.limitBeginsWithRun else { return }
        invocation.begins(at: now, unixMilliseconds: unixMilliseconds, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// A deployment while it waited may have changed what the handler is given and how its answer is read.
    func assigned(to version: FunctionVersion) {
        if case .http = invocation.input { invocation.payload = version.manifest.payload }
        responder?.assigned(to: version)
    }

    /// Passes a reply on; a final one releases the responder.
    func reply(_ reply: InvocationReply) {
        guard let responder else { return }
        hasBegun = true
        if reply.isFinal { self.responder = nil }
        responder.reply(reply)
    }
}

extension InvocationReply {
    /// Whether nothing can follow it.
    var isFinal: Bool {
        switch self {
        case .result, .responseEnd, .failure: true
        case .responseHead, .responseChunk: false
        }
    }
}
