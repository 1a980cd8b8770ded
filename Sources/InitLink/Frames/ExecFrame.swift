/// A frame from the exec slot of init, decoded.
package enum ExecFrame: Hashable, Sendable {
    /// The next bytes of the run's standard output, never empty.
    case output(run: UInt32, ArraySlice<UInt8>)
    /// The run is over; `standardErrorTail` are its last bytes of standard error.
    case ended(run: UInt32, ExitReport, standardErrorTail: ArraySlice<UInt8>)
    /// The command could not be started.
    case notStarted(run: UInt32, StartFailure)
}
