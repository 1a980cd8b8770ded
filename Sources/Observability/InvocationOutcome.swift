package import FunctionModel

/// How an invocation ended.
package enum InvocationOutcome: Hashable, Sendable {
    case succeeded
    case failed(FailureCode)

    /// `ok`, or the stable code.
    package var text: String {
        switch self {
        case .succeeded: "ok"
        case .failed(let code): code.rawValue
        }
    }
}
