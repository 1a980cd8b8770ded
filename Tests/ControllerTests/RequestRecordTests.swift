import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Controller

@Suite("A stored request")
struct RequestRecordTests {
    private func event(body: String = "hello") -> HTTPEvent {
        HTTPEvent(
            head: HTTPRequestHead(
                method: .post, path: "/a%20b/7", query: "x=1&y=%C3%A9",
                fields: HTTPFields([("Content-Type", "text/plain"), ("X-Twice", "1"), ("x-twice", "ä")])),
            body: ByteBuffer(string: body), sourceAddress: "2001:db8::1", routePattern: "/a b/{id}",
            pathParameters: [(name: "id", value: "7")], receivedAtMilliseconds: 1_700_000_000_123)
    }

    @Test("Everything that a handler can see of it comes back")
    func roundTrip() throws {
        let event = event()
        let read = try #require(RequestRecord.decode(RequestRecord.encode(event), body: event.body))
        #expect(read.head.method == .post)
        #expect(read.head.path == event.head.path)
        #expect(read.head.query == event.head.query)
        #expect(
            read.head.fields.pairs.map { "\($0.name)=\($0.value)" } == [
                "Content-Type=text/plain", "X-Twice=1", "x-twice=ä",
            ])
        #expect(read.body == event.body)
        #expect(read.sourceAddress == event.sourceAddress)
        #expect(read.routePattern == event.routePattern)
        #expect(read.pathParameters.map(\.name) == ["id"])
        #expect(read.pathParameters.map(\.value) == ["7"])
        #expect(read.receivedAtMilliseconds == event.receivedAtMilliseconds)
    }

    @Test("A request of a REST route stays one, and a record without a word of it is of format 2.0")
    func format() throws {
        var rest = event()
        rest.format = .rest
        let record = RequestRecord.encode(rest)
        #expect(RequestRecord.decode(record, body: rest.body)?.format == .rest)
        let older = RequestRecord.encode(event())
        #expect(older.readableBytes == record.readableBytes - 1)
        #expect(RequestRecord.decode(older, body: rest.body)?.format == .http)
    }

    @Test("Bytes of a field that are no text come back as they were")
    func rawBytes() throws {
        var storage = ByteBuffer(string: "User-Agentcaf")
        storage.writeBytes([0xe9, 0xff, 0x80])
        var event = event()
        event.head.fields = HTTPFields(
            storage: storage, entries: [.init(nameStart: 0, nameLength: 10, valueStart: 10, valueLength: 6)])
        let read = try #require(RequestRecord.decode(RequestRecord.encode(event), body: event.body))
        var values: [[UInt8]] = []
        read.head.fields.forEachBytes { values.append(Array($0) + Array($1)) }
        #expect(values == [Array("User-Agentcaf".utf8) + [0xe9, 0xff, 0x80]])
    }

    private func isReadable(_ record: ByteBuffer) -> Bool {
        RequestRecord.decode(record, body: ByteBuffer()) != nil
    }

    @Test("A record that was cut off anywhere, or is of another version, is refused")
    func damaged() {
        let record = RequestRecord.encode(event())
        for length in 0..<record.readableBytes {
            let part = record.getSlice(at: 0, length: length) ?? ByteBuffer()
            #expect(!isReadable(part))
        }
        var other = record
        other.setInteger(UInt8(9), at: 0)
        #expect(!isReadable(other))
    }
}
