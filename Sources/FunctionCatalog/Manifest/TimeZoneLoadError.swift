/// Why a time zone could not be loaded.
package enum TimeZoneLoadError: Error, Hashable, Sendable {
    case unknown
    /// The machine has no data base of zones.
    case noDatabase
    /// A zone of the `right/` family counts leap seconds.
    case leapSeconds

    /// A clause that goes on behind "'NAME', ".
    package var clause: String {
        switch self {
        case .unknown: "which is no time zone"
        case .noDatabase: "which needs the time zones of /usr/share/zoneinfo, which this machine does not have"
        case .leapSeconds: "which counts leap seconds"
        }
    }

    package var hint: String {
        switch self {
        case .unknown, .leapSeconds: "write UTC or a name such as Europe/Oslo"
        case .noDatabase: "install tzdata, or write UTC"
        }
    }
}
