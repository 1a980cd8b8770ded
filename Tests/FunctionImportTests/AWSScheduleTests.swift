import Testing

@testable import FunctionImport

@Suite("Schedule expressions of EventBridge")
struct AWSScheduleTests {
    private func translated(_ text: String) -> String? {
        guard let (key, value) = AWSSchedule.members(text)?.first, case .text(let text)? = value else { return nil }
        return "\(key): \(text)"
    }

    @Test(
        "Rates and cron expressions have their counterparts",
        arguments: [
            ("rate(1 minute)", "every: 1m"), ("rate(12 hours)", "every: 12h"), ("rate(7 days)", "every: 7d"),
            ("cron(0 10 * * ? *)", "cron: 0 10 * * *"), ("cron(15 12 ? * MON-FRI *)", "cron: 15 12 * * MON-FRI"),
            ("cron(0/5 8 1 * ? *)", "cron: 0/5 8 1 * *"), ("cron(0 0 ? * 1,7 *)", "cron: 0 0 * * 0,6"),
            ("cron(0 0 ? * 2-6 *)", "cron: 0 0 * * 1-5"),
        ])
    func counterparts(expression: String, expected: String) {
        #expect(translated(expression) == expected)
    }

    @Test(
        "What five fields cannot say is not guessed",
        arguments: [
            "cron(0 0 L * ? *)", "cron(0 0 ? * 6#3 *)", "cron(0 0 1W * ? *)", "cron(0 0 1 1 ? 2030)", "rate(0 days)",
            "at(2030-01-01T00:00:00)", "cron(0 0 ? * 6L *)",
        ])
    func noCounterpart(expression: String) {
        #expect(translated(expression) == nil)
    }
}
