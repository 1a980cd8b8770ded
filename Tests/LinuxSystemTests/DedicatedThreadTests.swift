import Glibc
import LinuxSystem
import Synchronization
import Testing

@Suite struct DedicatedThreadTests {
    /// What a thread leaves for the one that joins it.
    private final class Box<Value: Sendable>: Sendable {
        private let content = Mutex<Value?>(nil)

        func put(_ value: Value) { content.withLock { $0 = value } }

        var value: Value? { content.withLock { $0 } }
    }

    private func value<Value: Sendable>(
        name: String? = nil, stackBytes: Int? = nil, of work: @escaping @Sendable () -> Value
    ) throws -> Value? {
        let box = Box<Value>()
        let thread = try DedicatedThread(name: name, stackBytes: stackBytes) { box.put(work()) }
        thread.join()
        return box.value
    }

    private static func blockedSignals() -> [Int32] {
        var mask = sigset_t()
        pthread_sigmask(SIG_SETMASK, nil, &mask)
        return (1...31).filter { sigismember(&mask, $0) == 1 }
    }

    @Test("It has run the body when it is joined") func runs() throws { #expect(try value { 42 } == 42) }

    @Test("It is another thread than the one that starts it") func another() throws {
        #expect(try value { UInt(pthread_self()) } != UInt(pthread_self()))
    }

    @Test("It gets no signals, and the thread that starts it keeps its own") func signals() throws {
        let before = Self.blockedSignals()
        let blocked = try #require(try value { Self.blockedSignals() })
        // Nobody can block the two.
        #expect(blocked == (1...31).filter { $0 != SIGKILL && $0 != SIGSTOP })
        #expect(Self.blockedSignals() == before)
    }

    @Test("It bears its name", arguments: ["glo-test", "fifteen-letters"]) func name(name: String) throws {
        #expect(try value(name: name) { Self.ownName() } == name)
    }

    @Test("Without a name it has that of the thread that starts it") func noName() throws {
        #expect(try value { Self.ownName() } == Self.ownName())
    }

    @Test("It knows itself") func current() throws {
        let thread = try DedicatedThread {}
        let isCurrent = thread.isCurrent
        thread.join()
        #expect(!isCurrent)
    }

    @Test("Left alone it goes on") func leftAlone() async throws {
        let answer = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int, any Error>) in
            do throws(SystemError) {
                _ = try DedicatedThread { continuation.resume(returning: 7) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        #expect(answer == 7)
    }

    @Test("A stack that cannot be had is refused with the system's words") func refused() {
        // More than the address space has.
        #expect(throws: SystemError(EAGAIN)) { _ = try DedicatedThread(stackBytes: 1 << 60) {} }
    }

    private static func ownName() -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let file = open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let count = read(file, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count - 1)), as: UTF8.self)
    }
}
