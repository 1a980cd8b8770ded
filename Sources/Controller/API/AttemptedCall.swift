import FunctionModel

/// A call that may be tried several times. Its id alone would do for honest clients; the rest keeps others from reading
/// answers that are not theirs.
struct AttemptedCall: Hashable {
    /// `amz-sdk-invocation-id`.
    let id: InvocationID
    let function: FunctionName
    let qualifier: String?
    /// The access key, or nothing.
    let caller: String
}
