import DispatchCore
import JSONCodec
import Testing

@Suite("Filter patterns")
struct EventPatternTests {
    /// Pattern, event, whether it matches.
    static let cases: [(String, String, Bool)] = [
        (#"{"a":["x"]}"#, #"{"a":"x","b":1}"#, true), (#"{"a":["x"]}"#, #"{"a":"y"}"#, false),
        (#"{"a":["x"]}"#, #"{}"#, false), (#"{"a":["x","y"]}"#, #"{"a":"y"}"#, true),
        (#"{"a":[1]}"#, #"{"a":1.0}"#, true), (#"{"a":[300]}"#, #"{"a":3.0e2}"#, true),
        (#"{"a":[1]}"#, #"{"a":"1"}"#, false), (#"{"a":[true]}"#, #"{"a":true}"#, true),
        (#"{"a":[null]}"#, #"{"a":null}"#, true), (#"{"a":[null]}"#, #"{}"#, false),
        (#"{"a":[""]}"#, #"{"a":""}"#, true),
        // All names have to fit, objects in objects too.
        (#"{"a":["x"],"b":[1]}"#, #"{"a":"x","b":2}"#, false), (#"{"a":{"b":["x"]}}"#, #"{"a":{"b":"x"}}"#, true),
        (#"{"a":{"b":["x"]}}"#, #"{"a":"x"}"#, false), (#"{"a":{"b":["x"]}}"#, #"[1]"#, false),
        // Arrays: one element has to fit.
        (#"{"a":["x"]}"#, #"{"a":["w","x"]}"#, true), (#"{"a":["x"]}"#, #"{"a":[]}"#, false),
        (#"{"a":{"b":[1],"c":[2]}}"#, #"{"a":[{"b":1,"c":2},{"b":0}]}"#, true),
        (#"{"a":{"b":[1],"c":[2]}}"#, #"{"a":[{"b":1},{"c":2}]}"#, false),
        (#"{"a":[{"prefix":"ab"}]}"#, #"{"a":"abc"}"#, true), (#"{"a":[{"prefix":"ab"}]}"#, #"{"a":"a"}"#, false),
        (#"{"a":[{"prefix":"ab"}]}"#, #"{"a":1}"#, false),
        (#"{"a":[{"prefix":{"equals-ignore-case":"AB"}}]}"#, #"{"a":"aBc"}"#, true),
        (#"{"a":[{"suffix":".png"}]}"#, #"{"a":"x.png"}"#, true),
        (#"{"a":[{"suffix":".png"}]}"#, #"{"a":"png"}"#, false),
        (#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, #"{"a":"x.png"}"#, true),
        (#"{"a":[{"equals-ignore-case":"Alice"}]}"#, #"{"a":"aLICE"}"#, true),
        (#"{"a":[{"wildcard":"a*c*e"}]}"#, #"{"a":"abcde"}"#, true),
        (#"{"a":[{"wildcard":"a*c*e"}]}"#, #"{"a":"ace"}"#, true),
        (#"{"a":[{"wildcard":"a*c*e"}]}"#, #"{"a":"ac"}"#, false), (#"{"a":[{"wildcard":"*"}]}"#, #"{"a":""}"#, true),
        (#"{"a":[{"wildcard":"a*a"}]}"#, #"{"a":"a"}"#, false), (#"{"a":[{"wildcard":"a\\*"}]}"#, #"{"a":"a*"}"#, true),
        (#"{"a":[{"wildcard":"a\\*"}]}"#, #"{"a":"ab"}"#, false),
        (#"{"a":[{"wildcard":"**x"}]}"#, #"{"a":"yx"}"#, true),
        (#"{"a":[{"anything-but":"x"}]}"#, #"{"a":"y"}"#, true),
        (#"{"a":[{"anything-but":"x"}]}"#, #"{"a":"x"}"#, false),
        (#"{"a":[{"anything-but":"x"}]}"#, #"{}"#, false), (#"{"a":[{"anything-but":[1,2]}]}"#, #"{"a":3}"#, true),
        (#"{"a":[{"anything-but":[1,2]}]}"#, #"{"a":2}"#, false),
        (#"{"a":[{"anything-but":["x"]}]}"#, #"{"a":["x","y"]}"#, true),
        (#"{"a":[{"anything-but":{"prefix":"in"}}]}"#, #"{"a":"out"}"#, true),
        (#"{"a":[{"anything-but":{"prefix":["in","ou"]}}]}"#, #"{"a":"out"}"#, false),
        (#"{"a":[{"numeric":["=",5]}]}"#, #"{"a":5.0}"#, true),
        (#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":5}"#, true),
        (#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":0}"#, false),
        (#"{"a":[{"numeric":["<",-1.5]}]}"#, #"{"a":-2}"#, true),
        (#"{"a":[{"numeric":[">=",1]}]}"#, #"{"a":"2"}"#, false),
        (#"{"a":[{"exists":true}]}"#, #"{"a":null}"#, true), (#"{"a":[{"exists":true}]}"#, #"{}"#, false),
        (#"{"a":[{"exists":false}]}"#, #"{"b":1}"#, true), (#"{"a":[{"exists":false}]}"#, #"{"a":1}"#, false),
        (#"{"a":{"b":[{"exists":false}]}}"#, #"{}"#, true), (#"{"a":["x",{"exists":false}]}"#, #"{}"#, true),
        (#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"b":2}"#, true), (#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":2}"#, false),
        (#"{"c":[3],"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"b":2}"#, false),
        (#"{"x":{"$or":[{"a":[1]},{"b":[2]}]}}"#, #"{"x":{"a":1}}"#, true),
    ]

    @Test("A pattern matches what it describes", arguments: cases)
    func matching(pattern: String, event: String, wanted: Bool) throws {
        #expect(try EventPattern(pattern).matches(JSONValue(event.utf8)) == wanted)
    }

    @Test(
        "What is no pattern says where and why",
        arguments: [
            ("", "no JSON"), ("[]", "no JSON object"), ("{}", "empty"), (#"{"a":"x"}"#, "'a' must be"),
            (#"{"a":{"b":1}}"#, "'a.b' must be"), (#"{"a":[]}"#, "'a' is an empty list"),
            (#"{"a":{}}"#, "'a' is empty"),
            (#"{"a":[["x"]]}"#, "list in its list"), (#"{"a":[{"prefix":1}]}"#, "'prefix' of 'a' is no text"),
            (#"{"a":[{"regex":"x"}]}"#, "'regex', which there is not"), (#"{"a":[{"exists":"x"}]}"#, "true or false"),
            (#"{"a":[{"numeric":["~",1]}]}"#, "'numeric' of 'a'"), (#"{"a":[{"numeric":[">"]}]}"#, "'numeric' of 'a'"),
            (#"{"a":[{"anything-but":[]}]}"#, "'anything-but' of 'a'"), (#"{"$or":[]}"#, "'$or' is an empty list"),
            (#"{"$or":[1]}"#, "list of objects"), (#"{"a":[{"wildcard":"\\x"}]}"#, "backslash"),
            (#"{"a":[{"prefix":"a","suffix":"b"}]}"#, "one name"),
        ])
    func malformed(text: String, reason: String) {
        let error = #expect(throws: EventPatternError.self) { try EventPattern(text) }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test("A pattern that is too long is refused")
    func length() {
        let text = #"{"a":[""# + String(repeating: "x", count: 5_000) + #""]}"#
        #expect(throws: EventPatternError.self) { try EventPattern(text) }
    }

    @Test("Only an object for the body needs the body as JSON")
    func body() throws {
        #expect(try EventPattern(#"{"body":{"a":[1]}}"#).looksIntoBody)
        #expect(try EventPattern(#"{"$or":[{"body":{"a":[1]}},{"x":[1]}]}"#).looksIntoBody)
        #expect(try !EventPattern(#"{"body":["x"]}"#).looksIntoBody)
    }
}
