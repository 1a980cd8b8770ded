import AdminTestSupport
import Controller
import Glibc
import Testing

@Suite("The lock of the state directory")
struct StateLockTests {
    @Test("A second controller is refused and told the pid of the first; a later one gets the lock")
    func exclusive() async throws {
        let directory = try TemporaryDirectory()
        do {
            let first = try StateLock(directory: directory.path)
            let error = #expect(throws: AdminServerError.self) { _ = try StateLock(directory: directory.path) }
            #expect(error?.code == .alreadyRunning)
            #expect(
                error?.sentence.contains("another controller runs on this state directory (pid \(getpid()))") == true)
            withExtendedLifetime(first) {}
        }
        // A process that another test starts at this moment holds all descriptors until it execs.
        for _ in 1..<200 {
            if (try? StateLock(directory: directory.path)) != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        _ = try StateLock(directory: directory.path)
    }

    @Test("A state directory that is not there is an error that names it")
    func missing() {
        let error = #expect(throws: AdminServerError.self) { _ = try StateLock(directory: "/nowhere/at/all") }
        #expect(error?.code == .stateDirectoryUnusable)
        #expect(error?.sentence.contains("/nowhere/at/all") == true)
    }
}
