import FunctionModel
import InitLink
import Testing

@Suite("What an init may say")
struct InitSessionTests {
    static let report = ExitReport(end: .exited(code: 0))
    static let line = OutputLine(stream: .standardError, bytes: [])
    static let failure = StartFailure(stage: .execute, systemError: 2, message: "")

    static func greeted() throws -> InitSession {
        var session = InitSession()
        try session.receive(.hello(InitHello(mode: .container, processID: 1, userID: 1)))
        return session
    }

    static func live(_ contract: Contract) throws -> InitSession {
        var session = try greeted()
        session.start(worker: 1, contract: contract, slots: contract == .exec ? 2 : 0)
        if let descriptors = descriptors(contract), contract != .http { try session.receive(descriptors) }
        try session.receive(.started(worker: 1, processID: 2))
        return session
    }

    static func descriptors(_ contract: Contract) -> InitFrame? {
        switch contract {
        case .lambda: .descriptors(worker: 1, kind: .listener, count: 1, port: 9001)
        case .http: .descriptors(worker: 1, kind: .connection, count: 1, port: 8080)
        case .exec: .descriptors(worker: 1, kind: .slots, count: 2, port: 0)
        case .stdio: .descriptors(worker: 1, kind: .stdio, count: 2, port: 0)
        }
    }

    @Test("The life of a worker is accepted in order", arguments: Contract.allCases)
    func acceptsALife(_ contract: Contract) throws {
        var session = try Self.live(contract)
        try session.receive(.output(worker: 1, Self.line))
        try session.receive(.outputDropped(worker: 1, lines: 1, bytes: 1))
        if contract == .http {
            try session.receive(.descriptors(worker: 1, kind: .connection, count: 1, port: 8080))
            let isSensible = session.connect(worker: 1)
            #expect(isSensible)
            try session.receive(.connectFailed(worker: 1, systemError: 111))
        }
        try session.receive(.exited(worker: 1, Self.report))
        #expect(!session.knows(worker: 1))
        session.start(worker: 1, contract: contract, slots: 1)
        try session.receive(.startFailed(worker: 1, Self.failure))
    }

    @Test("Nothing is accepted before the greeting, and no second greeting")
    func greetingComesFirst() throws {
        var fresh = InitSession()
        fresh.start(worker: 1, contract: .lambda, slots: 0)
        #expect(throws: InitLinkError.self) { try fresh.receive(.started(worker: 1, processID: 2)) }
        var session = try Self.greeted()
        #expect(throws: InitLinkError.self) {
            try session.receive(.hello(InitHello(mode: .container, processID: 1, userID: 1)))
        }
    }

    @Test("Frames about a worker that was never started are violations", arguments: Contract.allCases)
    func unknownWorkers(_ contract: Contract) throws {
        let frames: [InitFrame?] = [
            Self.descriptors(contract), .started(worker: 1, processID: 2), .startFailed(worker: 1, Self.failure),
            .exited(worker: 1, Self.report), .output(worker: 1, Self.line),
            .outputDropped(worker: 1, lines: 1, bytes: 1), .connectFailed(worker: 1, systemError: 1),
        ]
        for frame in frames.compactMap(\.self) {
            var session = try Self.greeted()
            #expect(throws: InitLinkError.self) { try session.receive(frame) }
        }
        var session = try Self.greeted()
        let isSensible = session.connect(worker: 1)
        #expect(!isSensible)
    }

    @Test("A worker gets exactly the descriptors of its contract, once", arguments: Contract.allCases)
    func descriptorsMatch(_ contract: Contract) throws {
        let all: [InitFrame] =
            Contract.allCases.compactMap(Self.descriptors) + [
                .descriptors(worker: 1, kind: .slots, count: 1, port: 0),
                .descriptors(worker: 1, kind: .listener, count: 2, port: 0),
            ]
        for frame in all {
            // A live worker is owed nothing, http but for its first connection.
            var session = try Self.live(contract)
            if contract == .http, frame == Self.descriptors(.http) { try session.receive(frame) }
            #expect(throws: InitLinkError.self) { try session.receive(frame) }
        }
    }

    @Test("A worker neither starts twice nor ends before it has started")
    func order() throws {
        var twice = try Self.live(.lambda)
        #expect(throws: InitLinkError.self) { try twice.receive(.started(worker: 1, processID: 2)) }
        var failed = try Self.live(.lambda)
        #expect(throws: InitLinkError.self) { try failed.receive(.startFailed(worker: 1, Self.failure)) }
        var early = try Self.greeted()
        early.start(worker: 1, contract: .lambda, slots: 0)
        #expect(throws: InitLinkError.self) { try early.receive(.exited(worker: 1, Self.report)) }
        var without = try Self.greeted()
        without.start(worker: 1, contract: .lambda, slots: 0)
        #expect(throws: InitLinkError.self) { try without.receive(.started(worker: 1, processID: 2)) }
    }
}
