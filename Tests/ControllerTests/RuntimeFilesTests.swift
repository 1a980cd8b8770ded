import Foundation
import HandlerRuntimes
import Testing

@testable import Controller

@Suite("The loaders on disk")
struct RuntimeFilesTests {
    private let manager = FileManager.default
    private let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "glo-runtimes-\(UUID())").path
        try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func cleaned(_ body: () throws -> Void) rethrows {
        defer { try? manager.removeItem(atPath: directory) }
        try body()
    }

    @Test("Every loader is written once, readable and not writable")
    func install() throws {
        try cleaned {
            let path = try RuntimeFiles.install(in: directory)
            for file in HandlerRuntimes.files {
                let full = "\(path)/\(file.path)"
                #expect(manager.contents(atPath: full) == Data(file.bytes))
                let mode = try manager.attributesOfItem(atPath: full)[.posixPermissions] as? Int
                #expect(mode == 0o444)
            }
            let inode = try manager.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
            #expect(try RuntimeFiles.install(in: directory) == path)
            #expect(try manager.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == inode)
        }
    }

    @Test("What is damaged is written anew, and what another binary left goes away")
    func repair() throws {
        try cleaned {
            let path = try RuntimeFiles.install(in: directory)
            try manager.removeItem(atPath: "\(path)/python/bootstrap.py")
            try manager.createDirectory(atPath: "\(directory)/0011223344556677", withIntermediateDirectories: true)
            #expect(try RuntimeFiles.install(in: directory) == path)
            #expect(manager.fileExists(atPath: "\(path)/python/bootstrap.py"))
            #expect(try manager.contentsOfDirectory(atPath: directory) == [(path as NSString).lastPathComponent])
        }
    }

    @Test("Other loaders have another directory")
    func hash() throws {
        try cleaned {
            let one = try RuntimeFiles.install([.init(path: "python/a.py", bytes: [1])], in: directory)
            let two = try RuntimeFiles.install([.init(path: "python/a.py", bytes: [2])], in: directory)
            #expect(one != two)
        }
    }
}
