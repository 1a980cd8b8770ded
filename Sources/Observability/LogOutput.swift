import Glibc
package import Logging

/// Where the controller's own log goes: standard error.
package enum LogOutput {
    /// Sends every logger of the process to standard error. Called once, before the first logger is made.
    ///
    /// - Parameter format: nil is JSON, unless standard error is a terminal.
    package static func bootstrap(level: Logger.Level, format: LogFormat? = nil) {
        let sink = LogSink(descriptor: STDERR_FILENO)
        let format = format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
        LoggingSystem.bootstrap { GloLogHandler(label: $0, level: level, format: format, sink: sink) }
    }
}
