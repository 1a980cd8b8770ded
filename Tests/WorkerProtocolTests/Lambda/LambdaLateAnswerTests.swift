import FunctionModel
import HTTPCodec
import NIOCore
import Testing
import WorkerProtocol

@Suite("Late and foreign answers never reach anybody")
struct LambdaLateAnswerTests {
    @Test("An answer after a cancel is accepted and dropped", arguments: [true, false])
    func late(_ isError: Bool) throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try world.harness.cancel(Sample.id(1))
        let answer = try client.exchange(post: isError ? LambdaWorld.error(1) : LambdaWorld.response(1), "x")
        #expect(answer.status == 202)
        world.harness.expect(.event("late"))
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.finished(Sample.id(1)))
        try world.harness.invoke(Sample.direct(2, "2"))
        #expect(try client.response().body == "2")
    }

    @Test("A cancel in the middle of a stream stops it")
    func inTheMiddle() throws {
        let world = try LambdaWorld()
        let client = try world.running(Sample.direct(1, "1"))
        try client.send(
            .post, LambdaWorld.response(1),
            "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
        world.harness.expect(
            .head(Sample.id(1), 200, ["content-type=application/octet-stream"]), .chunk(Sample.id(1), "a"))
        try world.harness.cancel(Sample.id(1))
        try client.socket.send("1\r\nb\r\n0\r\n\r\n")
        #expect(try client.response().status == 202)
        try client.send(.get, LambdaWorld.next)
        world.harness.expect(.finished(Sample.id(1)))
    }

    @Test("An answer that echoes another delivery's id is dropped; the right one counts")
    func foreign() throws {
        let world = try LambdaWorld()
        let client = try world.polling()
        try world.harness.invoke(Sample.direct(1, "1"))
        let delivery = try #require(try client.response().fields["Lambda-Runtime-Invocation-Id"])
        let other = try client.exchange(
            post: LambdaWorld.response(1), "old", fields: "lambda-runtime-invocation-id: \(Sample.id(99))\r\n")
        #expect(other.status == 202)
        world.harness.expect(.event("foreign"))
        let right = try client.exchange(
            post: LambdaWorld.response(1), "new", fields: "lambda-runtime-invocation-id: \(delivery)\r\n")
        #expect(right.status == 202)
        world.harness.expect(.result(Sample.id(1), "new"))
    }

    @Test("Each delivery has an id of its own, also when the invocation is the same")
    func deliveries() throws {
        var seen: Set<String> = []
        let world = try LambdaWorld()
        let client = try world.polling()
        for attempt in 1...3 {
            try world.harness.invoke(Sample.direct(1, "1", attempt: attempt))
            let event = try client.response()
            #expect(event.fields["Lambda-Runtime-Aws-Request-Id"] == Sample.id(1).description)
            seen.insert(try #require(event.fields["Lambda-Runtime-Invocation-Id"]))
            #expect(try client.exchange(post: LambdaWorld.response(1), "x").status == 202)
            try client.send(.get, LambdaWorld.next)
            world.harness.expect(.result(Sample.id(1), "x"), .finished(Sample.id(1)))
        }
        #expect(seen.count == 3)
    }
}

@Suite("Several invocations run at once in one Lambda worker")
struct LambdaConcurrencyTests {
    @Test("Three pollers get three events, and answers are matched by id in any order")
    func threeAtOnce() throws {
        let world = try LambdaWorld(concurrency: 3)
        let clients = try (0..<3).map { _ in try world.client() }
        try clients[0].send(.get, LambdaWorld.next)
        world.harness.expect(.ready)
        for client in clients.dropFirst() { try client.send(.get, LambdaWorld.next) }
        for number in UInt64(1)...3 { try world.harness.invoke(Sample.direct(number, "\(number)")) }
        var numbers: [UInt64] = []
        for client in clients { numbers.append(try #require(UInt64(try client.response().body))) }
        #expect(numbers.sorted() == [1, 2, 3])
        for (client, number) in zip(clients, numbers).reversed() {
            #expect(try client.exchange(post: LambdaWorld.response(number), "done \(number)").status == 202)
            try client.send(.get, LambdaWorld.next)
            world.harness.expect(.result(Sample.id(number), "done \(number)"), .finished(Sample.id(number)))
        }
    }

    @Test("An invocation waits when its poller has not come yet")
    func waits() throws {
        let world = try LambdaWorld(concurrency: 2)
        let first = try world.running(Sample.direct(1, "1"))
        try world.harness.invoke(Sample.direct(2, "2"))
        let second = try world.client()
        #expect(try second.exchange(.get, LambdaWorld.next).body == "2")
        #expect(try second.exchange(post: LambdaWorld.response(2), "b").status == 202)
        #expect(try first.exchange(post: LambdaWorld.response(1), "a").status == 202)
        world.harness.expect(.result(Sample.id(2), "b"), .result(Sample.id(1), "a"))
    }

    @Test("More idle pollers than the concurrency get an error")
    func tooMany() throws {
        let world = try LambdaWorld()
        let client = try world.polling()
        let extra = try world.client().exchange(.get, LambdaWorld.next)
        #expect(extra.status == 500)
        #expect(extra.fields["Content-Type"] == "application/json")
        try world.harness.invoke(Sample.direct(1, "1"))
        #expect(try client.response().body == "1")
    }
}
