/// What the exit codes of `glo` mean.
enum ExitStatus: Int32 {
    case ok = 0
    case failed = 1
    case usage = 2
    case unreachable = 3
    case notFound = 4

    /// For `glo --help`.
    static let explanation = """
        EXIT CODES
          0  it worked
          1  the function or the operation failed
          2  the arguments are wrong
          3  the controller cannot be reached
          4  there is no such function, version, alias, invocation, topic, schedule, token or secret
        """
}
