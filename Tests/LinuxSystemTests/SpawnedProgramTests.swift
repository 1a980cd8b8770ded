import CLinux
import Glibc
import LinuxSystem
import Testing

@Suite struct SpawnedProgramTests {
    /// What a program prints, and how it ends.
    private func run(
        _ path: String, _ arguments: String..., environment: [String] = ["PATH=/usr/bin:/bin"]
    ) throws -> (String, Int32) {
        var (reading, writing): (Int32, Int32) = (-1, -1)
        #expect(clinux_pipe(&reading, &writing) == 0)
        defer { close(reading) }
        let child: Int32
        do {
            defer { close(writing) }
            child = try SpawnedProgram.spawn(
                path, arguments: [path] + arguments, environment: environment, input: .null,
                output: .descriptor(writing), error: .null)
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(reading, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return (String(decoding: bytes, as: UTF8.self), status)
    }

    @Test("A program runs with its arguments and ends with its own exit code") func runs() throws {
        let (text, status) = try run("/bin/sh", "-c", "echo one; echo two >&2; exit 3")
        #expect(text == "one\n")
        #expect(status >> 8 & 0xFF == 3)
        #expect(status & 0x7F == 0)
    }

    @Test("It has the environment that it is given and no other") func environment() throws {
        #expect(try run("/usr/bin/env", environment: ["A=x y", "B="]).0 == "A=x y\nB=\n")
    }

    @Test("Its input is empty where it has none") func noInput() throws {
        #expect(try run("/bin/sh", "-c", "cat; echo end").0 == "end\n")
    }

    @Test("It leads a session of its own") func session() throws {
        // Field 6 of proc(5) is the session; the shell's name has no blank.
        let (text, _) = try run(
            "/bin/sh", "-c", "read pid name state parent group session rest < /proc/$$/stat; echo $$ $group $session")
        let numbers = text.split(whereSeparator: \.isWhitespace)
        #expect(numbers.count == 3)
        #expect(Set(numbers).count == 1)
    }

    @Test("A program that is not there is refused with the system's words") func missing() {
        #expect(throws: SystemError(ENOENT)) {
            _ = try SpawnedProgram.spawn(
                "/nowhere/program", arguments: ["program"], environment: [], input: .null, output: .null, error: .null)
        }
    }

    @Test("A file that may not be executed is refused") func notExecutable() {
        #expect(throws: SystemError(EACCES)) {
            _ = try SpawnedProgram.spawn(
                "/etc/passwd", arguments: ["passwd"], environment: [], input: .null, output: .null, error: .null)
        }
    }
}
