import JSONCodec
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test(
        "A value is read and written again without blanks, its numbers digit by digit",
        arguments: [
            (#" {"b" : 1.50, "a":[ true,false , null,-0.1e+3] } "#, #"{"b":1.50,"a":[true,false,null,-0.1e+3]}"#),
            (#""\u00e9\ud83d\ude00\n\/""#, #""é😀\n/""#),
            (#""\ud83d""#, "\"\u{fffd}\""), ("12345678901234567890", "12345678901234567890"), ("[]", "[]"),
            ("{}", "{}"), (#"{"a":1,"a":2}"#, #"{"a":2}"#), ("\"\\u0000\u{7f}\"", #""\u0000\u007f""#),
        ])
    func roundTrip(text: String, written: String) throws {
        #expect(try JSONValue(text.utf8).text == written)
    }

    @Test(
        "What is no JSON is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "1.", ".5", "+1", "1e", "tru", "nul", "\"",
            "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "1 2", "[1 2]", "{\"a\":1,}", "'a'", "NaN", "-",
            String(repeating: "[", count: 200) + String(repeating: "]", count: 200),
        ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(text.utf8) }
    }

    @Test("Strings that are not UTF-8 are refused")
    func encoding() {
        #expect(throws: JSONError.self) { try JSONValue([34, 0xff, 34]) }
        #expect(throws: JSONError.self) { try JSONValue([34, 0xc0, 0x80, 34]) }
    }

    @Test("Objects are equal whatever the order of their members")
    func equality() throws {
        #expect(try JSONValue(#"{"a":1,"b":2}"#.utf8) == JSONValue(#"{"b":2,"a":1}"#.utf8))
        #expect(try JSONValue(#"{"a":1}"#.utf8) != JSONValue(#"{"a":2}"#.utf8))
    }

    @Test("The members of a text are found where they stand")
    func members() throws {
        let text = Array(#"{ "a": [1, 2], "b":"x" }"#.utf8)
        var reader = JSONReader(text)
        let members = try reader.readMembers()
        #expect(members.map(\.name) == ["a", "b"])
        #expect(members.map { String(decoding: text[$0.range], as: UTF8.self) } == ["[1, 2]", "\"x\""])
    }

    @Test("A whole number is one however it is written")
    func integers() throws {
        #expect(try JSONValue("10".utf8).number?.integer == 10)
        #expect(try JSONValue("1e1".utf8).number?.integer == 10)
        #expect(try JSONValue("1.5".utf8).number?.integer == nil)
        #expect(try JSONValue("1e99".utf8).number?.integer == nil)
    }
}
