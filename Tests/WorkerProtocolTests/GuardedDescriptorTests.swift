import CEventLoop
import CLinux
import Glibc
import Testing

/// How `epoll` tells of descriptors that a container may still have.
@Suite("Guarded descriptors on an event loop")
struct GuardedDescriptorTests {
    /// What is told of a descriptor.
    private enum Told: Equatable { case nothing, readable, ended }

    /// An epoll instance with one descriptor.
    private final class Loop {
        private let epoll = TestSocket(descriptor: clinux_epoll())
        private let token = UInt64.random(in: 1 ... .max)

        func add(_ descriptor: Int32, reads: Bool = true) -> Bool {
            clinux_epoll_add(epoll.descriptor, descriptor, token, reads, false) == 0
        }

        func change(_ descriptor: Int32, reads: Bool) -> Bool {
            clinux_epoll_change(epoll.descriptor, descriptor, token, reads, false) == 0
        }

        func remove(_ descriptor: Int32) -> Bool { clinux_epoll_remove(epoll.descriptor, descriptor) == 0 }

        /// What is told within 50 ms.
        func next() -> Told {
            var event = clinux_event()
            guard clinux_epoll_wait(epoll.descriptor, &event, 1, 50) == 1 else { return .nothing }
            return event.hung_up ? .ended : event.readable ? .readable : .nothing
        }
    }

    @Test("Others are told of as the kernel tells")
    func unguarded() throws {
        let (mine, other) = try TestSocket.pair()
        let loop = Loop()
        #expect(loop.add(mine.descriptor))
        #expect(loop.next() == .nothing)
        other.close()
        #expect(loop.next() == .ended)
    }

    @Test("An end is told as something to read")
    func end() throws {
        let (mine, other) = try TestSocket.pair()
        let loop = Loop()
        ceventloop_guard(mine.descriptor)
        #expect(loop.add(mine.descriptor))
        #expect(loop.next() == .nothing)
        other.close()
        #expect(loop.next() == .readable)
        #expect(loop.remove(mine.descriptor))
        #expect(loop.next() == .nothing)
    }

    @Test("An end waits until somebody wants to read, and nothing before it is lost")
    func paused() throws {
        let pipe = try TestSocket.pipe()
        let loop = Loop()
        ceventloop_guard(pipe.reading.descriptor)
        #expect(loop.add(pipe.reading.descriptor, reads: false))
        try pipe.writing.send("last")
        pipe.writing.close()
        #expect(loop.next() == .nothing)
        #expect(loop.change(pipe.reading.descriptor, reads: false))
        #expect(loop.next() == .nothing)
        #expect(loop.change(pipe.reading.descriptor, reads: true))
        #expect(loop.next() == .readable)
        #expect(try pipe.reading.receive() == Array("last".utf8))
        #expect(loop.next() == .readable)
        #expect(loop.remove(pipe.reading.descriptor))
    }

    @Test("A paused one that has ended can be taken off")
    func pausedAndGone() throws {
        let (mine, other) = try TestSocket.pair()
        let loop = Loop()
        ceventloop_guard(mine.descriptor)
        #expect(loop.add(mine.descriptor, reads: false))
        other.close()
        #expect(loop.next() == .nothing)
        #expect(loop.remove(mine.descriptor))
        // The number is any other's now.
        #expect(loop.add(mine.descriptor))
        #expect(loop.next() == .ended)
    }

    @Test("A listener that ended is told as something to accept, and one that listens again is not told of")
    func listener() throws {
        let listener = try TestSocket.listening().socket
        let loop = Loop()
        ceventloop_guard(listener.descriptor)
        #expect(loop.add(listener.descriptor))
        var address = sockaddr()
        address.sa_family = sa_family_t(AF_UNSPEC)
        _ = connect(listener.descriptor, &address, socklen_t(MemoryLayout<sockaddr>.size))
        #expect(loop.next() == .readable)
        #expect(listen(listener.descriptor, 4) == 0)
        #expect(loop.next() == .nothing)
    }
}
