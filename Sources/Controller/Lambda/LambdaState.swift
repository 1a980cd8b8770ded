import FunctionCatalog

/// What `State` and `LastUpdateStatus` say of a function, out of what the catalogue says.
struct LambdaState: Hashable, Sendable {
    var state = "Active"
    var stateReason: String?
    var stateReasonCode: String?
    var updateStatus = "Successful"
    var updateReason: String?
    var updateReasonCode: String?

    init(_ entry: CatalogEntry) {
        let problems = entry.problems.map(\.description).joined(separator: "; ")
        switch (entry.state, entry.current) {
        case (.active, _):
            break
        case (.copying, nil), (.starting, nil):
            state = "Pending"
            stateReason = "The function is being created."
            stateReasonCode = "Creating"
            updateStatus = "InProgress"
        case (.copying, .some), (.starting, .some):
            updateStatus = "InProgress"
            updateReason = "The function is being updated."
        case (.rejected, nil), (.failed, nil):
            state = "Failed"
            stateReason = problems
            stateReasonCode = Self.code(entry)
            updateStatus = "Failed"
            updateReason = problems
            updateReasonCode = Self.code(entry)
        case (.rejected, .some), (.failed, .some):
            updateStatus = "Failed"
            updateReason = problems
            updateReasonCode = Self.code(entry)
        }
    }

    var members: [(String, ServiceJSON?)] {
        [
            ("State", .text(state)), ("StateReason", stateReason.map(ServiceJSON.text)),
            ("StateReasonCode", stateReasonCode.map(ServiceJSON.text)), ("LastUpdateStatus", .text(updateStatus)),
            ("LastUpdateStatusReason", updateReason.map(ServiceJSON.text)),
            ("LastUpdateStatusReasonCode", updateReasonCode.map(ServiceJSON.text)),
        ]
    }

    /// Of the codes that Lambda's model has.
    private static func code(_ entry: CatalogEntry) -> String {
        if entry.state == .failed { return "FunctionError" }
        switch entry.problems.first?.code {
        case .manifestSyntax, .unknownKey, .invalidValue, .contradiction, .notActive, .refused:
            return "InvalidConfiguration"
        case .noCommand, .commandNotFound, .notExecutable, .emptyFile, .unknownFormat, .truncated, .wrongArchitecture,
            .interpreterMissing:
            return "InvalidRuntime"
        case .symbolicLink, .specialFile, .writableByOthers, .tooLarge, .badName, .nameConflict:
            return "InvalidZipFileException"
        case .unreadable, .storeFailed, .watchFailed, .activationFailed, .linkLeftOut, .stillChanging, .stateDamaged,
            nil:
            return "InternalError"
        }
    }
}
