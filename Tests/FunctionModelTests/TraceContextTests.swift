import FunctionModel
import Testing

@Suite("The ids of a traceparent")
struct TraceContextTests {
    private static let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("What is read is written again")
    func roundTrip() throws {
        let context = try #require(TraceContext(Self.text))
        #expect(context.traceHigh == 0x0af7_6519_16cd_43dd && context.traceLow == 0x8448_eb21_1c80_319c)
        #expect(context.span == 0xb7ad_6b71_6920_3331 && context.isSampled)
        #expect(context.text == Self.text)
        #expect(context.child(1).text == "00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01")
    }

    @Test(
        "The last bit of the flags says whether it is recorded",
        arguments: [("00", false), ("01", true), ("02", false), ("ff", true)])
    func flags(flags: String, isSampled: Bool) {
        #expect(TraceContext(Self.text.dropLast(2) + flags)?.isSampled == isSampled)
    }

    @Test(
        "What is none is refused",
        arguments: [
            "", "00", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ])
    func refused(text: String) {
        #expect(TraceContext(text) == nil)
    }

    @Test("A new one is never zero")
    func random() {
        var random = SystemRandomNumberGenerator()
        let context = TraceContext.random(isSampled: true, using: &random)
        #expect(TraceContext(context.text) == context)
    }
}
