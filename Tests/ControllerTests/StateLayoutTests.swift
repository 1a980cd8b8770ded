import Foundation
import Glibc
import Testing

@testable import Controller

@Suite("The state directory at the start")
final class StateLayoutTests {
    private let root: String
    private var state: String { "\(root)/state" }

    init() throws {
        var template = Array("/tmp/glo-layout-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// The permissions, of a link its own; 0 when there is nothing.
    private func mode(_ path: String) -> mode_t {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.posixPermissions] as? NSNumber).map { mode_t($0.intValue) } ?? 0
    }

    @Test("It is made, with parts that nobody else may enter but the loaders")
    func modes() throws {
        let layout = try StateLayout(making: state)
        #expect(mode(state) == 0o711)
        for name in ["logs", "run", "secrets", "versions"] { #expect(mode("\(state)/\(name)") == 0o700, "\(name)") }
        #expect(mode("\(state)/runtime") == 0o711)
        try layout.letPass()
        #expect(mode("\(state)/run") == 0o711)
    }

    @Test("One that others may write is refused, unless nothing is in it", arguments: [mode_t(0o777), 0o775, 0o1777])
    func writable(mode wanted: mode_t) throws {
        #expect(mkdir(state, 0o700) == 0)
        #expect(chmod(state, wanted) == 0)
        _ = try StateLayout(making: state)
        #expect(chmod(state, wanted) == 0)
        let error = #expect(throws: ControllerError.self) { try StateLayout(making: self.state) }
        #expect(error?.message.contains("others may write") == true)
        #expect(mode(state) == wanted)
    }

    @Test("One of another user is refused, and so is a part of it")
    func owner() throws {
        // Only root can give a directory away; whoever is not has one that is root's.
        guard geteuid() == 0 else {
            let error = #expect(throws: ControllerError.self) { try StateLayout(making: "/usr") }
            #expect(error?.message.contains("another user (uid 0)") == true)
            return
        }
        _ = try StateLayout(making: state)
        #expect(chown("\(state)/secrets", 54_321, 54_321) == 0)
        #expect(throws: ControllerError.self) { try StateLayout(making: self.state) }
        #expect(chown("\(state)/secrets", 0, 0) == 0)
        #expect(chown(state, 54_321, 54_321) == 0)
        let error = #expect(throws: ControllerError.self) { try StateLayout(making: self.state) }
        #expect(error?.message.contains("another user (uid 54321)") == true)
    }

    @Test(
        "A link in the place of a part is not followed", arguments: ["secrets", "versions", "run", "events", "redis"])
    func link(name: String) throws {
        #expect(mkdir(state, 0o700) == 0)
        let elsewhere = "\(root)/elsewhere"
        #expect(mkdir(elsewhere, 0o755) == 0)
        #expect(symlink(elsewhere, "\(state)/\(name)") == 0)
        #expect(throws: ControllerError.self) { try StateLayout(making: self.state) }
        #expect(mode(elsewhere) == 0o755)
    }

    @Test("The namespace is kept, and made good from what the mark says", arguments: ["", "0123", "garbage!", nil])
    func namespace(damage: String?) throws {
        let layout = try StateLayout(making: state)
        let made = try layout.namespace(known: nil)
        #expect(made.text.count == 8 && made.problem == nil)
        #expect(try layout.namespace(known: nil).text == made.text)
        let path = "\(state)/namespace"
        if let damage {
            try Data(damage.utf8).write(to: URL(filePath: path))
            chmod(path, 0o600)
        } else {
            unlink(path)
        }
        let again = try layout.namespace(known: made.text)
        #expect(again.text == made.text)
        #expect(again.problem != nil)
        #expect(try layout.namespace(known: nil).text == made.text)
    }
}
