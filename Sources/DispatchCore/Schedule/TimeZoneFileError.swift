/// Why bytes are no time zone.
package enum TimeZoneFileError: Error, Hashable, Sendable {
    /// The bytes do not begin as a TZif file does.
    case notTimeZone
    case truncated
    /// A number or text that the format does not allow.
    case malformed
    /// A zone of the `right/` family counts leap seconds, which Unix time does not.
    case leapSeconds
}
