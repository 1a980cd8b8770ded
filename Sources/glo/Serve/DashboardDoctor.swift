import AdminModel
import HostChecks

/// What `glo doctor` finds, for the dashboard: all but the measurement of the disk, which takes seconds, and the start
/// of a container.
struct DashboardDoctor: Sendable {
    let config: String?
    let state: String
    let functions: String
    let environment: [String: String]

    private struct Report: Encodable {
        var checks: [Finding]
    }

    /// JSON with the list `checks`.
    @Sendable func findings() async -> [UInt8] {
        let facts = try? await DoctorFacts.read(
            config: config, state: state, functions: functions, environment: environment, startsContainer: false)
        let checks = facts.map { Examination.findings(.system, $0) } ?? []
        return (try? JSONOutput.line(Report(checks: checks))) ?? Array("{\"checks\":[]}".utf8)
    }
}
