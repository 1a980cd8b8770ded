package import FunctionModel

/// Why the admin API refuses: a code that the public listener has too, or one of its own.
package enum AdminErrorCode: Hashable, Sendable {
    case failure(FailureCode)
    /// The function has no such version.
    case versionNotFound
    /// An alias names the version, so its number stays.
    case versionInUse
    /// The function has no such alias.
    case aliasNotFound
    /// It is no alias: its name, its versions or their weights.
    case aliasInvalid
    /// The version that was asked for cannot start.
    case rollbackFailed
    /// No version of the function serves, so there is nothing to run or to explain.
    case noVersion
    /// There is no schedule of this name.
    case scheduleNotFound
    /// The event cannot run again, since its payload is not kept.
    case payloadGone
    /// The controller was told not to count or not to keep records.
    case observationOff
    /// The event has a format that is not read.
    case unsupportedMediaType
    /// The token is missing or wrong.
    case unauthorized
    /// The admin API has no such path.
    case pathNotFound

    /// The stable word.
    package var rawValue: String {
        switch self {
        case .failure(let code): code.rawValue
        case .versionNotFound: "version_not_found"
        case .versionInUse: "version_in_use"
        case .aliasNotFound: "alias_not_found"
        case .aliasInvalid: "alias_invalid"
        case .rollbackFailed: "rollback_failed"
        case .noVersion: "no_version"
        case .scheduleNotFound: "schedule_not_found"
        case .payloadGone: "payload_gone"
        case .observationOff: "observation_off"
        case .unsupportedMediaType: "unsupported_media_type"
        case .unauthorized: "unauthorized"
        case .pathNotFound: "path_not_found"
        }
    }

    /// The HTTP status.
    package var status: Int {
        switch self {
        case .failure(let code): code.status
        case .versionNotFound, .aliasNotFound, .scheduleNotFound, .pathNotFound, .observationOff: 404
        case .aliasInvalid: 400
        case .versionInUse, .rollbackFailed, .noVersion, .payloadGone: 409
        case .unsupportedMediaType: 415
        case .unauthorized: 401
        }
    }

    /// One line for the `title` member.
    package var title: String {
        switch self {
        case .failure(let code): code.title
        case .versionNotFound: "There is no such version"
        case .versionInUse: "The version is in use"
        case .aliasNotFound: "There is no such alias"
        case .aliasInvalid: "This is no alias"
        case .rollbackFailed: "The version cannot serve"
        case .noVersion: "No version of the function serves"
        case .scheduleNotFound: "There is no such schedule"
        case .payloadGone: "The event's payload is gone"
        case .observationOff: "The controller does not keep this"
        case .unsupportedMediaType: "The event's format is not read"
        case .unauthorized: "A token is needed"
        case .pathNotFound: "The admin API has no such path"
        }
    }
}
