import CLinux
import Glibc
import LinuxSystem
import Testing

@Suite struct WholeFileTests {
    /// A name in /tmp that is not there; what is there afterwards is removed.
    private func withPath(_ body: (String) throws -> Void) throws {
        let path = "/tmp/glo-floor-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        defer { unlink(path) }
        try body(path)
    }

    private func contents(_ path: String, limit: Int = .max - 1) throws -> [UInt8] {
        let file = FileDescriptor(owning: open(path, O_RDONLY | O_CLOEXEC))
        return try FileDescriptor.readAll(file.number, limit: limit)
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("What is written is read again", arguments: [0, 1, 4095, 65_535, 65_536, 65_537, 300_000])
    func roundTrip(count: Int) throws {
        var random = SplitMix(state: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try withPath { path throws in
            try DurableFile.create(path, bytes)
            let read = try contents(path)
            #expect(read == bytes)
        }
    }

    @Test("A new file has the mode that was asked for") func mode() throws {
        try withPath { path throws in
            try DurableFile.create(path, [1], mode: 0o400)
            #expect(mode(path) == 0o400)
        }
        try withPath { path throws in
            try DurableFile.create(path, [1])
            #expect(mode(path) == 0o600)
        }
    }

    @Test("What is there already is not written over, a link neither") func exists() throws {
        try withPath { path throws in
            try DurableFile.create(path, [1])
            let failure = DurableFile.Failure.Step.create
            #expect { try DurableFile.create(path, [2]) } throws: { error in
                (error as? DurableFile.Failure).map { $0.step == failure && $0.error == SystemError(EEXIST) } ?? false
            }
            let read = try contents(path)
            #expect(read == [1])
        }
        try withPath { path throws in
            #expect(symlink("/tmp/glo-floor-nothing-\(getpid())", path) == 0)
            #expect(throws: DurableFile.Failure.self) { try DurableFile.create(path, [2]) }
        }
    }

    @Test("What a preparation refuses fails with its error, and the file stays") func preparation() throws {
        try withPath { path throws in
            #expect {
                try DurableFile.create(path, [1]) { _ in
                    errno = EPERM
                    return false
                }
            } throws: { error in
                (error as? DurableFile.Failure).map { $0.step == .prepare && $0.error == SystemError(EPERM) } ?? false
            }
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test("A full disk is told of") func full() {
        let file = FileDescriptor(owning: open("/dev/full", O_WRONLY | O_CLOEXEC))
        #expect(throws: SystemError(ENOSPC)) { try FileDescriptor.writeAll([1, 2, 3], to: file.number) }
    }

    @Test("What cannot be read or written is told of") func refused() {
        let directory = FileDescriptor(owning: open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        #expect(throws: SystemError(EISDIR)) { try FileDescriptor.readAll(directory.number, limit: 10) }
        #expect(throws: SystemError(EBADF)) { try FileDescriptor.readAll(-1, limit: 10) }
        #expect(throws: SystemError(EBADF)) { try FileDescriptor.writeAll([1], to: -1) }
    }

    @Test("Of more than the limit it reads on no further, and the count tells") func limit() throws {
        let zeros = FileDescriptor(owning: open("/dev/zero", O_RDONLY | O_CLOEXEC))
        let many = try FileDescriptor.readAll(zeros.number, limit: 100_000)
        #expect(many.count > 100_000 && many.count <= 100_000 + (64 << 10))
        try withPath { path throws in
            try DurableFile.create(path, [UInt8](repeating: 7, count: 1000))
            let exact = try contents(path, limit: 1000)
            #expect(exact.count == 1000)
            let over = try contents(path, limit: 999)
            #expect(over.count > 999)
        }
    }

    @Test("All is written to a pipe that holds less at a time") func pipe() throws {
        var ends: (reading: Int32, writing: Int32) = (-1, -1)
        #expect(clinux_pipe(&ends.reading, &ends.writing) == 0)
        let (reading, writing) = (ends.reading, ends.writing)
        let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0) }
        let thread = try DedicatedThread {
            try? FileDescriptor.writeAll(bytes[...], to: writing)
            close(writing)
        }
        let read = try FileDescriptor.readAll(reading, limit: 1 << 20)
        thread.join()
        close(reading)
        #expect(read == bytes)
    }
}
