import Foundation
import Glibc
import Testing

@testable import Controller

@Suite("The files of a worker") struct TaskDirectoryTests {
    /// A directory of the test's own.
    private func temporary() throws -> String {
        var template = Array("/tmp/glo-task-XXXXXX".utf8CString)
        let path = template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let base = buffer.baseAddress, mkdtemp(base) != nil else { return nil }
            return String(cString: base)
        }
        return try #require(path)
    }

    private func target(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count - 1)
        return count < 0 ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func make(_ root: String) throws {
        for path in ["from", "from/lib", "to"] { try #require(mkdir("\(root)/\(path)", 0o755) == 0) }
        let file = open("\(root)/from/lib/a.so.1", O_WRONLY | O_CREAT | O_CLOEXEC, 0o444)
        try #require(file >= 0)
        close(file)
        let links = [
            "lib/a.so": "a.so.1", "lib64": "lib", "python3": "/usr/bin/python3", "secret": "/etc/shadow",
            "via": "python3", "rooted": "/var/task/lib", "up": "../../..",
        ]
        for (path, target) in links { try #require(symlink(target, "\(root)/from/\(path)") == 0) }
    }

    @Test("Files are hard links, and links are links: in a container all that the catalogue kept")
    func container() throws {
        let root = try temporary()
        defer { TaskDirectory.remove(root) }
        try make(root)
        #expect(try TaskDirectory.fill("\(root)/to", from: "\(root)/from").isEmpty)
        #expect(target("\(root)/to/lib/a.so") == "a.so.1")
        #expect(target("\(root)/to/lib64") == "lib")
        #expect(target("\(root)/to/python3") == "/usr/bin/python3")
        #expect(try inode("\(root)/from/lib/a.so.1") == inode("\(root)/to/lib/a.so.1"))
    }

    private func inode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }

    @Test("Without a container no link leads out")
    func process() throws {
        let root = try temporary()
        defer { TaskDirectory.remove(root) }
        try make(root)
        let leftOut = try TaskDirectory.fill("\(root)/to", from: "\(root)/from", isConfined: true)
        #expect(Set(leftOut) == ["python3", "secret", "via", "rooted", "up"])
        #expect(target("\(root)/to/lib/a.so") == "a.so.1")
        #expect(target("\(root)/to/lib64") == "lib")
        for path in leftOut { #expect(target("\(root)/to/\(path)") == nil) }
    }
}
