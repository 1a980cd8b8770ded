import CurlClient
import Foundation
import Synchronization
import TestSupport

/// Sends the events, each until it is accepted: the key stays the same, so an event that was accepted without our
/// knowing is not accepted twice.
final class Producers: Sendable {
    private struct State {
        var next = 0
        var pacer: Pacer
        var accepted: [AcceptedEvent] = []
        var answers: [Int: Int] = [:]
        var isOver = false
    }

    private let settings: ChaosSettings
    private let client: HTTPClient
    private let state: Mutex<State>

    init(_ settings: ChaosSettings, address: String) {
        self.settings = settings
        client = HTTPClient(base: "http://\(address)", concurrency: settings.connections)
        state = Mutex(State(pacer: Pacer(rate: settings.rate)))
    }

    var acceptedCount: Int { state.withLock { $0.accepted.count } }
    var accepted: [AcceptedEvent] { state.withLock(\.accepted) }
    /// How often each status came; 0 is no answer.
    var answers: [Int: Int] { state.withLock(\.answers) }
    /// Whether no more will be accepted.
    var isOver: Bool { state.withLock(\.isOver) }

    /// Returns when all are accepted. Throws when one is refused for good.
    func run() async throws {
        defer { state.withLock { $0.isOver = true } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<settings.connections { group.addTask { try await self.produce() } }
            try await group.waitForAll()
        }
    }

    private func produce() async throws {
        while let (number, turn) = take() {
            let pause = turn - UnixTime.now()
            if pause > 0 { try await Task.sleep(for: .nanoseconds(pause)) }
            try await send(number)
        }
    }

    private func take() -> (number: Int, turn: Int64)? {
        state.withLock { state in
            guard state.next < settings.events else { return nil }
            defer { state.next += 1 }
            return (state.next, state.pacer.turn(now: UnixTime.now()))
        }
    }

    private func send(_ number: Int) async throws {
        let started = UnixTime.now()
        var backoffMilliseconds = 20.0
        while true {
            let answer = try? await client.send(
                "POST", "/\(Preparation.function)", body: Array(settings.plan.body(of: number).utf8),
                headers: [
                    ("Prefer", "respond-async"), ("Idempotency-Key", "\(number)"), ("Content-Type", "text/plain"),
                ], seconds: 10)
            state.withLock { $0.answers[answer?.status ?? 0, default: 0] += 1 }
            if let answer, answer.status == 202, let id = answer.json["id"].string {
                let event = AcceptedEvent(number: number, id: id, at: UnixTime.now())
                state.withLock { $0.accepted.append(event) }
                return
            }
            guard UnixTime.now() - started < 120_000_000_000 else {
                throw TestFailure(
                    "event \(number) was not accepted within two minutes; the last answer: "
                        + (answer.map { "\($0.status) \($0.text.prefix(500))" } ?? "none"))
            }
            try await Task.sleep(for: .milliseconds(Int(backoffMilliseconds * Double.random(in: 0.5...1))))
            backoffMilliseconds = min(500, backoffMilliseconds * 2)
        }
    }
}
