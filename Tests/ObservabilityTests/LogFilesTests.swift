import FunctionModel
import Glibc
import Testing

@testable import Observability

@Suite("Log files")
struct LogFilesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func files(bytes: Int, count: Int = 3) throws -> LogFiles {
        try LogFiles(directory: "\(directory.path)/logs", maximumFileBytes: bytes, maximumFiles: count)
    }

    private func lines(_ numbers: ClosedRange<Int>) -> [UInt8] {
        numbers.flatMap { "line \($0 < 10 ? "0" : "")\($0)\n".utf8 }
    }

    @Test("A file that is full is turned over; only the newest files are kept, each of whole lines")
    func rotation() throws {
        let files = try files(bytes: 40)
        for number in 1...30 { #expect(files.append(lines(number...number), to: Samples.hello) == 0) }
        #expect(directory.names("logs") == ["hello.log", "hello.log.1", "hello.log.2"])
        #expect(directory.text("logs/hello.log") == String(decoding: lines(26...30), as: UTF8.self))
        #expect(directory.text("logs/hello.log.1") == String(decoding: lines(21...25), as: UTF8.self))
        #expect(directory.text("logs/hello.log.2") == String(decoding: lines(16...20), as: UTF8.self))
    }

    @Test("One batch larger than several files is spread over them")
    func largeBatch() throws {
        #expect(try files(bytes: 40).append(lines(1...12), to: Samples.hello) == 0)
        #expect(directory.text("logs/hello.log") == String(decoding: lines(11...12), as: UTF8.self))
        #expect(directory.text("logs/hello.log.2") == String(decoding: lines(1...5), as: UTF8.self))
    }

    @Test("A line longer than a file is written whole, alone in its file")
    func longLine() throws {
        let files = try files(bytes: 10)
        let long = Array((String(repeating: "x", count: 50) + "\n").utf8)
        #expect(files.append(lines(1...1) + long + lines(2...2), to: Samples.hello) == 0)
        #expect(directory.text("logs/hello.log.1").utf8.count == 51)
        #expect(directory.text("logs/hello.log") == "line 02\n")
    }

    @Test("With one file, the full one is begun anew")
    func oneFile() throws {
        #expect(try files(bytes: 16, count: 1).append(lines(1...5), to: Samples.hello) == 0)
        #expect(directory.names("logs") == ["hello.log"])
        #expect(directory.text("logs/hello.log") == "line 05\n")
    }

    @Test("Nobody else may read the files")
    func modes() throws {
        _ = try files(bytes: 100).append(lines(1...1), to: Samples.hello)
        var status = stat()
        #expect(stat("\(directory.path)/logs/hello.log", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(stat("\(directory.path)/logs", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test("A link in place of the file is not followed")
    func link() throws {
        let files = try files(bytes: 100)
        #expect(symlink("/dev/null", "\(directory.path)/logs/hello.log") == 0)
        #expect(files.append(lines(1...1), to: Samples.hello) == ELOOP)
    }

    @Test("A directory that cannot be used is an error that says what to do")
    func unusable() {
        let error = #expect(throws: LogStoreError.self) {
            _ = try LogFiles(directory: "/proc/nowhere/logs", maximumFileBytes: 1, maximumFiles: 1)
        }
        #expect(error?.code == .directoryUnusable)
        #expect(error?.description.contains("choose another --state") == true)
    }
}
