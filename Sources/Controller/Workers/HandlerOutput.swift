import InitLink

/// Takes what a handler writes to its standard streams. Called on the hub's thread.
protocol HandlerOutput: AnyObject, Sendable {
    func write(_ line: OutputLine)
    func dropped(lines: UInt64, bytes: UInt64)
}
