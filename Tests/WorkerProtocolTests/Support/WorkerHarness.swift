import FunctionModel
import HTTPCodec
import NIOCore
import NIOPosix
import Testing
import WorkerProtocol

/// A worker's channel on a real event loop, driven from a test's thread.
final class WorkerHarness {
    /// One loop for all tests, as in the controller; it lives as long as the test process.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    let log = ObservationLog()
    let details = SentenceLog()
    private let loop: any EventLoop
    private let worker: NIOLoopBoundBox<WorkerChannel?>

    init(_ contract: Contract, context: WorkerContext, descriptors: [Int32]) throws {
        let loop = Self.group.next()
        let worker = NIOLoopBoundBox<WorkerChannel?>.makeEmptyBox(valueType: WorkerChannel.self, eventLoop: loop)
        let log = log
        let details = details
        self.loop = loop
        self.worker = worker
        try loop.submit {
            worker.value = WorkerChannel.make(
                contract: contract, id: 7, context: context, descriptors: descriptors, on: loop,
                delegate: RecordingDelegate(log: log, details: details))
        }.wait()
    }

    static func context(concurrency: Int = 1, limit: Int = 6_291_556) throws -> WorkerContext {
        WorkerContext(
            function: try #require(FunctionName("hello")), version: 3, concurrency: concurrency, handler: "app.handle",
            responseLimitBytes: limit)
    }

    func invoke(_ invocation: Invocation) throws { try onLoop { $0.invoke(invocation) } }

    func cancel(_ id: InvocationID) throws { try onLoop { $0.cancel(id) } }

    func adopt(_ descriptor: Int32) throws { try onLoop { $0.adopt(descriptors: [descriptor]) } }

    func close() throws { try onLoop { $0.close() } }

    func release() throws { try onLoop { $0.release() } }

    func onLoop(_ body: @escaping @Sendable (WorkerChannel) -> Void) throws {
        let worker = worker
        try loop.submit { if let worker = worker.value { body(worker) } }.wait()
    }

    /// Expects exactly these observations next.
    func expect(_ expected: Observation..., sourceLocation: SourceLocation = #_sourceLocation) {
        for expectation in expected {
            let observation = log.next()
            #expect(observation == expectation, sourceLocation: sourceLocation)
        }
    }

    /// Expects that nothing but this has been observed when the loop has done all that it had to do.
    func expectQuiet(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try loop.submit {}.wait()
        #expect(log.isEmpty, sourceLocation: sourceLocation)
    }
}

/// Values for tests.
enum Sample {
    static func id(_ number: UInt64) -> InvocationID {
        InvocationID(high: 0x1111_1111_2222_4333, low: 0x8444_0000_0000_0000 | number)
    }

    static let traceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    static func direct(
        _ number: UInt64, _ body: String, attempt: Int = 1, traceParent: String? = nil
    ) throws -> Invocation {
        try invocation(number, .direct(ByteBuffer(string: body)), attempt: attempt, traceParent: traceParent)
    }

    static func http(
        _ number: UInt64, _ method: HTTPMethod = .get, _ path: String = "/hello", query: String = "",
        fields: [(String, String)] = [("Host", "example.org")], body: String = "", route: String = "/hello",
        parameters: [(name: String, value: String)] = [], payload: PayloadMode = .event, traceParent: String? = nil
    ) throws -> Invocation {
        let event = HTTPEvent(
            head: HTTPRequestHead(
                method: method, path: path, query: query, fields: HTTPFields(fields),
                framing: body.isEmpty ? .none : .length(body.utf8.count)),
            body: ByteBuffer(string: body), sourceAddress: "192.0.2.7", routePattern: route,
            pathParameters: parameters, receivedAtMilliseconds: 1_583_348_638_390)
        return try invocation(number, .http(event), payload: payload, traceParent: traceParent)
    }

    private static func invocation(
        _ number: UInt64, _ input: InvocationInput, payload: PayloadMode = .event, attempt: Int = 1,
        traceParent: String? = nil, qualifier: String? = nil, wantsStream: Bool = false
    ) throws -> Invocation {
        Invocation(
            id: id(number), function: try #require(FunctionName("hello")), input: input, payload: payload,
            receivedAt: MonotonicTime(nanoseconds: 0), deadline: MonotonicTime(nanoseconds: 1_000_000_000),
            deadlineUnixMilliseconds: 1_700_000_000_123, attempt: attempt, traceParent: traceParent,
            qualifier: qualifier, wantsStream: wantsStream)
    }

    /// One whose caller takes the answer as it comes.
    static func streamed(_ number: UInt64) throws -> Invocation {
        try invocation(number, .direct(ByteBuffer(string: "{}")), wantsStream: true)
    }

    /// One that was made under an alias or a number.
    static func qualified(_ number: UInt64, _ qualifier: String) throws -> Invocation {
        try invocation(number, .direct(ByteBuffer(string: "{}")), qualifier: qualifier)
    }
}
