import FunctionModel
import Testing

@testable import Controller

@Suite("Marks between lines of output")
struct LineMarkTests {
    private static let id = "0af76519-16cd-43dd-8448-eb211c80319c"

    private func mark(_ text: String) -> LineMark? { LineMark(at: Array(text.utf8)[...]) }

    @Test("A mark names the invocation whose lines follow, or nobody")
    func whole() throws {
        let named = try #require(mark("\u{1e}glo:\(Self.id)"))
        #expect(named.owner == InvocationID(Self.id))
        #expect(named.lengthBefore == 0)
        #expect(mark("\u{1e}glo:-")?.owner == nil)
        #expect(mark("\u{1e}glo:-")?.lengthBefore == 0)
    }

    @Test("What stands before it in the line is text of whoever left the line open")
    func behindText() {
        #expect(mark("half a line\u{1e}glo:\(Self.id)")?.lengthBefore == 11)
        #expect(mark("\u{1e}\u{1e}glo:-")?.lengthBefore == 1)
    }

    @Test(
        "Anything else is a line",
        arguments: [
            "", "glo:-", "\u{1e}", "\u{1e}glo:", "\u{1e}glo:x", "\u{1e}glo:- ", "\u{1e}glo:-\u{1e}",
            "\u{1e}glo:0af76519-16cd-43dd-8448-eb211c80319", "\u{1e}glo:0af76519-16cd-43dd-8448-eb211c80319cc",
            "\u{1e}GLO:-", "\u{1e}glo:\u{1e}glo:",
        ])
    func lines(_ text: String) { #expect(mark(text) == nil) }

    @Test("A slice that does not begin at 0 is read as well")
    func slices() {
        let bytes = Array("xxab\u{1e}glo:-".utf8)
        #expect(LineMark(at: bytes[2...])?.lengthBefore == 2)
    }

    @Test("Only invocations that a worker had not long ago can have lines")
    func recent() throws {
        let ids = (1...600).map { InvocationID(high: 1, low: UInt64($0)) }
        let current = CurrentInvocation()
        for id in ids { current.began(id, isAlone: true, run: 0) }
        #expect(current.id == ids[599])
        #expect(ids.suffix(512).allSatisfy(current.isRecent))
        #expect(!ids.prefix(88).contains(where: current.isRecent))
        #expect(!current.isRecent(InvocationID(high: 2, low: 1)))
    }

    @Test("Runs are found by their number, also when many are long over")
    func runs() {
        let current = CurrentInvocation()
        for run in UInt32(1)...1000 {
            current.began(InvocationID(high: 2, low: UInt64(run)), isAlone: false, run: run)
            #expect(current.invocation(ofRun: run) == InvocationID(high: 2, low: UInt64(run)))
        }
        #expect(current.id == nil)
        #expect(current.invocation(ofRun: 900) != nil && current.invocation(ofRun: 1) == nil)
    }
}
