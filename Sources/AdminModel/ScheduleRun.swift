/// The invocation that a schedule made because somebody asked for it.
package struct ScheduleRun: Codable, Hashable, Sendable {
    package var id: String

    package init(id: String) { self.id = id }
}
