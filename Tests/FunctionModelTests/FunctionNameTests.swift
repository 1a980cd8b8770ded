import FunctionModel
import Testing

@Suite struct FunctionNameTests {
    @Test("Names of small letters, digits and hyphens are taken", arguments: ["a", "hello", "a1", "resize-2x", "z-"])
    func valid(text: String) {
        #expect(FunctionName(text)?.rawValue == text)
    }

    @Test(
        "Anything else is refused",
        arguments: ["", "A", "1a", "-a", "a_b", "a.b", "a/b", "a b", "å", "a\0", String(repeating: "a", count: 64)])
    func invalid(text: String) {
        #expect(FunctionName(text) == nil)
    }

    @Test("The longest name has 63 characters")
    func longest() {
        #expect(FunctionName(String(repeating: "a", count: 63)) != nil)
    }
}
