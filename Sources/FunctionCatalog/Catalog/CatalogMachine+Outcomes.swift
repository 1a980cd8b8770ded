/// What a look at an entry says to the machine.
extension StagingJob.Outcome {
    /// Whether the entry could become a version.
    var isAcceptable: Bool {
        switch self {
        case .staged, .unchanged: true
        case .missing, .directoryMissing, .ignored, .unsettled, .busy, .incomplete, .moving, .rejected, .failed: false
        }
    }

    /// Whether the look told what lies there, so that none follows by itself.
    var isDecided: Bool {
        switch self {
        case .unsettled, .busy, .incomplete, .moving: false
        case .missing, .directoryMissing, .ignored, .unchanged, .rejected, .failed, .staged: true
        }
    }

    /// What keeps an entry from being taken, when that is known.
    var obstacle: CatalogProblem? {
        switch self {
        case .incomplete(let problem): problem
        case .busy(let path):
            CatalogProblem(
                .stillChanging, "somebody has this file open for writing",
                hint: "the function is taken when it is closed", path: path)
        case .missing, .directoryMissing, .ignored, .unchanged, .unsettled, .moving, .rejected, .failed, .staged: nil
        }
    }
}

extension StagingJob.Result {
    /// What to clear away when the result is not used.
    var leftover: [CatalogMachine.Action] {
        if case .staged(let staged) = outcome { return [.discard(path: staged.path)] }
        return []
    }
}
