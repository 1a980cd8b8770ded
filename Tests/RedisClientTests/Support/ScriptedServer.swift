import NIOCore
import NIOPosix
import Synchronization

@testable import RedisClient

/// A server on the loopback that answers as a test says.
final class ScriptedServer: Sendable {
    enum Answer: Sendable {
        /// These bytes.
        case bytes(String)
        case nothing
        case close

        static let ok = Answer.bytes("+OK\r\n")
    }

    /// What to answer to a command's words on the n-th connection, counted from 1.
    typealias Script = @Sendable (_ connection: Int, _ words: [String]) -> Answer

    let address: RedisAddress
    private let channel: any Channel
    private let received = Mutex<[String]>([])

    /// All commands that came, each with its connection's number in front.
    var commands: [String] { received.withLock(\.self) }

    init(_ script: @escaping Script) async throws {
        let count = Mutex(0)
        let book = Book()
        channel = try await ServerBootstrap(group: TestConnection.loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = count.withLock { count in
                        count += 1
                        return count
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(connection: number, script: script, book: book))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        address = RedisAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0)
        book.server.withLock { $0 = self }
    }

    func stop() async throws { try await channel.close().get() }

    /// Answers what each connection says first.
    static func login(_ words: [String]) -> Answer? {
        switch words.first {
        case "CLIENT", "AUTH", "SELECT": .ok
        case "PING": .bytes("+PONG\r\n")
        case "ROLE": .bytes("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n")
        default: nil
        }
    }

    private final class Book: Sendable {
        let server = Mutex<ScriptedServer?>(nil)

        func add(_ line: String) { server.withLock { $0 }?.received.withLock { $0.append(line) } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let reader = RedisReplyReader()
        private let connection: Int
        private let script: Script
        private let book: Book

        init(connection: Int, script: @escaping Script, book: Book) {
            self.connection = connection
            self.script = script
            self.book = book
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            do throws(RedisError) {
                try reader.feed(unwrapInboundIn(data))
                while let command = try reader.next() {
                    let words = command.array?.compactMap(\.string) ?? []
                    book.add("\(connection) \(words.joined(separator: " "))")
                    switch script(connection, words) {
                    case .bytes(let text):
                        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                    case .nothing: break
                    case .close: return context.close(promise: nil)
                    }
                }
            } catch {
                context.close(promise: nil)
            }
        }
    }
}
