import RedisClient

extension EventStoreError {
    /// No answer came.
    init(_ error: RedisError) {
        let (code, mayHaveHappened): (Code, Bool) =
            switch error.code {
            case .timedOut: (.timedOut, true)
            case .connectionLost: (.unavailable, true)
            case .unavailable, .overloaded, .closed, .refused: (.unavailable, false)
            case .protocolViolation, .unexpectedReply: (.protocolViolation, true)
            case .invalidEndpoint, .tlsUnsupported: (.other, false)
            }
        self.init(code: code, message: error.message, hint: error.hint, mayHaveHappened: mayHaveHappened)
    }

    /// Redis said no: nothing was done.
    init(_ error: RedisServerError) {
        switch error.code {
        case "OOM":
            self.init(
                code: .full, message: "Redis has no memory for new events.",
                hint: "Raise redisMemory, or wait until events have been run; those accepted are kept.")
        case "QUEUEFULL":
            self.init(
                code: .queueFull, message: "The queue is full: \(error.message).",
                hint: "Try again later, or raise the function's async.queue.")
        case "NOTOPIC":
            self.init(
                code: .topicNotFound, message: "The topic has no subscriber.",
                hint: "Give a function a topic trigger with this name.")
        case "BADARG":
            self.init(code: .badArgument, message: "The event is not acceptable: \(error.message).", hint: "")
        default: self.init(other: error)
        }
    }

    private init(other error: RedisServerError) {
        if error.meansServerNotReady || error.code == "BUSY" || error.code == "MISCONF" || error.code == "CLUSTERDOWN" {
            self.init(
                code: .unavailable, message: "Redis does not serve now: \(error).", hint: "See the log of Redis.")
        } else if error.message.contains("Function not found") {
            self.init(
                code: .unavailable, message: "Redis has lost Glo's function library.",
                hint: "Something flushed it; it is loaded again with the next connection.")
        } else {
            self.init(code: .other, message: "Redis answered: \(error).", hint: "See the log of Redis.")
        }
    }

    static func unexpectedAnswer(of function: StaticString) -> Self {
        Self(
            code: .protocolViolation, message: "\(function) gave an answer that this version of Glo does not know.",
            hint: "See with FUNCTION LIST whether another program replaced the library 'glo'.", mayHaveHappened: true)
    }
}
