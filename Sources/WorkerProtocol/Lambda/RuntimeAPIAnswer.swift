import FunctionModel
import HTTPCodec
import NIOCore

/// One `/response` or `/error` while it is being read.
struct RuntimeAPIAnswer {
    enum Kind {
        case response
        case error
    }

    /// What becomes of the bytes.
    enum Handling {
        /// Collected; one reply at the end.
        case buffered
        /// Collected up to the NULs of the prelude.
        case prelude(StreamPrelude)
        /// Passed on as they come, behind this head, which goes with the first of them: the caller wants a stream of a
        /// handler that may have nothing to say.
        case beginning(HTTPResponseHead)
        /// Passed on as they come.
        case streaming
        /// Read and forgotten, then this failure is the reply; nil when nobody is told.
        case discarded(InvocationFailure?)
    }

    let id: InvocationID
    let kind: Kind
    let head: RuntimeAPIAnswerHead
    var handling: Handling
    var collector: BodyCollector
    /// What the client is told at the end instead of 202.
    var refusal: RuntimeAPIReply?
    /// Whether the machine counts this answer, so that it must be told of the end.
    let isCounted: Bool
    /// From the trailers.
    var trailerErrorType = ""
    var trailerErrorBody = ""

    /// Looks for the error of a stream in its trailers, whose names come in any case.
    mutating func note(trailers: HTTPFields) {
        trailerErrorType = trailers.first("lambda-runtime-function-error-type") ?? ""
        trailerErrorBody = trailers.first("lambda-runtime-function-error-body") ?? ""
    }
}
