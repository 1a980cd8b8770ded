import FunctionModel
import Testing

@Suite struct FunctionNameTests {
    @Test(
        "Names of letters, digits, hyphens and underscores are taken",
        arguments: ["a", "hello", "a1", "resize-2x", "z-", "A", "MyFunction", "a_b", "a_", "1a", "7", "0abc-1"])
    func valid(text: String) {
        #expect(FunctionName(text)?.rawValue == text)
    }

    @Test(
        "Anything else is refused",
        arguments: ["", "_a", "-a", "a.b", "a/b", "a b", "å", "a\0", "a:b", String(repeating: "a", count: 65)])
    func invalid(text: String) {
        #expect(FunctionName(text) == nil)
    }

    @Test("The longest name has 64 characters")
    func longest() {
        #expect(FunctionName(String(repeating: "a", count: 64)) != nil)
    }
}
