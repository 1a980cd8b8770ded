import Glibc
import LinuxSystem
import Testing

@Suite struct DirectoryStreamTests {
    /// A directory of its own, removed afterwards with the files that it is given.
    private func withDirectory(_ files: [String], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/glo-floor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(errno) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(path) }
        for file in files { close(Glibc.open("\(path)/\(file)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)) }
        defer { for file in files { unlink("\(path)/\(file)") } }
        try body(path)
    }

    @Test("The names in a directory are listed, those of hidden files too, and not the directory's own")
    func names() throws {
        let files = ["a", "b.txt", ".hidden", "..more", "ü"]
        try withDirectory(files) { path throws in
            #expect(try DirectoryStream.names(in: path).sorted() == files.sorted())
        }
    }

    @Test("An empty directory has no names") func empty() throws {
        try withDirectory([]) { path throws in #expect(try DirectoryStream.names(in: path) == []) }
    }

    @Test("An open directory is listed from its start each time, and stays open") func open() throws {
        try withDirectory(["one", "two"]) { path throws in
            let directory = FileDescriptor(owning: Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
            for _ in 0..<3 { #expect(try DirectoryStream.names(of: directory.number).sorted() == ["one", "two"]) }
            #expect(fcntl(directory.number, F_GETFD) >= 0)
        }
    }

    @Test("A name that is not UTF-8 comes as it is, and as text in a form that can be shown") func bytes() throws {
        try withDirectory([]) { path throws in
            let name = [CChar(UInt8(ascii: "/")), CChar(bitPattern: 0xFF), CChar(0x61), 0]
            let file = Array(path.utf8CString.dropLast()) + name
            close(Glibc.open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
            defer { unlink(file) }
            #expect(try DirectoryStream.names(in: path) == ["\u{FFFD}a"])
            var stream = try DirectoryStream(path)
            let length = try stream.next().map { strlen($0) }
            #expect(length == 2)
            let end = try stream.next()
            #expect(end == nil)
        }
    }

    @Test("What cannot be opened is refused with the system's words") func refused() {
        #expect(throws: SystemError(ENOENT)) { try DirectoryStream.names(in: "/nowhere/at/all") }
        #expect(throws: SystemError(ENOTDIR)) { try DirectoryStream.names(in: "/etc/passwd") }
        #expect(throws: SystemError(EBADF)) { try DirectoryStream.names(of: 1 << 20) }
    }

    @Test("A directory with many names is listed whole") func many() throws {
        let files = (0..<800).map { "file-with-a-longer-name-\($0)" }
        try withDirectory(files) { path throws in #expect(try Set(DirectoryStream.names(in: path)) == Set(files)) }
    }
}

@Suite struct ProcFileTests {
    @Test("A file of /proc is read whole, whatever size it claims") func whole() {
        #expect(ProcFile.text("/proc/self/stat").hasPrefix("\(getpid()) ("))
        #expect(ProcFile.text("/proc/self/status").contains("\nPid:\t\(getpid())\n"))
    }

    @Test("What cannot be read is empty", arguments: ["/nowhere/file", "/proc", ""]) func unreadable(path: String) {
        #expect(ProcFile.text(path) == "")
    }
}
