import FunctionModel
import HTTPCodec
import NIOCore
import Testing

@testable import Gateway

@Suite("From results to responses")
struct ResponseMapperTests {
    /// A response as text: `200 application/json [A: b, C: d] body`.
    private func map(_ result: String, _ mapping: ResultMapping = .event) -> String {
        map(ByteBuffer(string: result), mapping)
    }

    private func map(_ result: ByteBuffer, _ mapping: ResultMapping = .event) -> String {
        do throws(InvocationFailure) {
            let response = try ResponseMapper.map(result, mapping: mapping)
            let fields = response.fields.pairs.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
            return "\(response.status) \(response.contentType) [\(fields)] \(String(buffer: response.body))"
        } catch {
            return "\(error.code.rawValue): \(error.detail)"
        }
    }

    @Test(
        "An object with a status code is the response",
        arguments: [
            (
                #"{"statusCode":201,"headers":{"X-T":"1"},"cookies":["a=1; Path=/","b=2"],"body":"hi"}"#,
                "201 application/json [X-T: 1, Set-Cookie: a=1; Path=/, Set-Cookie: b=2] hi"
            ),
            (#"{"statusCode":"418"}"#, "418 application/json [] "),
            (#"{"statusCode":200,"body":null}"#, "200 application/json [] "),
            (#"{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":true}"#, "200 application/json [] hello"),
            (#"{"statusCode":200,"body":"aGVsbG8","isBase64Encoded":true}"#, "200 application/json [] hello"),
            (#"{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":false}"#, "200 application/json [] aGVsbG8="),
            (#"{"statusCode":200,"body":{"a": [1, 2]}}"#, #"200 application/json [] {"a":[1,2]}"#),
            (#"{"statusCode":200,"body":[ 1 , "x y" ]}"#, #"200 application/json [] [1,"x y"]"#),
            (#"{"statusCode":200,"headers":{"N":7,"B":true,"Z":null}}"#, "200 application/json [N: 7, B: true] "),
            (#"{"statusCode":200,"headers":null,"cookies":null}"#, "200 application/json [] "),
            (#"{"statusCode":200,"body":"a\n\"\u00e6\ud83d\ude00"}"#, "200 application/json [] a\n\"\u{e6}\u{1f600}"),
            (#"{"statusCode":200,"body":"\ud800x"}"#, "200 application/json [] \u{fffd}x"),
            (#"{"status\u0043ode":204}"#, "204 application/json [] "),
            (
                #"{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"],"Vary":["x","y"],"N":[1,null,true],"E":[]}}"#,
                "200 application/json [Set-Cookie: a=1, Set-Cookie: b=2, Vary: x, Vary: y, N: 1, N: true] "
            ),
            (
                #"{"statusCode":200,"headers":{"vary":"lost","X-One":"1"},"multiValueHeaders":{"Vary":["x"]},"cookies":["c"]}"#,
                "200 application/json [Vary: x, X-One: 1, Set-Cookie: c] "
            ),
            (#"{"statusCode":200,"multiValueHeaders":null}"#, "200 application/json [] "),
            (#"{"statusCode":200,"multiValueHeaders":{"A":null}}"#, "200 application/json [] "),
            (#"{"statusCode":500,"statusCode":200}"#, "200 application/json [] "),
            (" \n{\"statusCode\" : 200 , \"body\" : \"x\" }\n", "200 application/json [] x"),
        ])
    func responseObjects(result: String, expected: String) { #expect(map(result) == expected) }

    @Test(
        "Anything else that is JSON is the body",
        arguments: [
            (#"{"hello": "world"}"#, #"200 application/json [] {"hello":"world"}"#),
            (#"{"headers":{"X":"1"},"body":"b"}"#, #"200 application/json [] {"headers":{"X":"1"},"body":"b"}"#),
            (#""hello""#, "200 application/json [] hello"),
            (#""a\tb""#, "200 application/json [] a\tb"),
            (#"["hello", 3, true]"#, #"200 application/json [] ["hello",3,true]"#),
            ("3.1", "200 application/json [] 3.1"),
            ("-1e+5", "200 application/json [] -1e+5"),
            ("true", "200 application/json [] true"),
            (" null ", "200 application/json [] null"),
            ("{}", "200 application/json [] {}"),
            (#"{"a" : "b \" c" }"#, #"200 application/json [] {"a":"b \" c"}"#),
        ])
    func plainValues(result: String, expected: String) { #expect(map(result) == expected) }

    @Test("What is not JSON is sent as it is", arguments: ["hello", "{\"a\":", "", "01", "{}x", "\"\u{1}\"", "[1,]"])
    func notJSON(result: String) { #expect(map(result) == "200 text/plain; charset=utf-8 [] \(result)") }

    @Test("Bytes that are no text are sent as bytes")
    func binary() throws {
        let response = try ResponseMapper.map(ByteBuffer(bytes: [0xff, 0, 1]), mapping: .event)
        #expect(response.contentType.description == "application/octet-stream")
        #expect(Array(response.body.readableBytesView) == [0xff, 0, 1])
    }

    @Test(
        "A response object that cannot be a response is refused with the reason",
        arguments: [
            (#"{"statusCode":99}"#, "statusCode"), (#"{"statusCode":600}"#, "statusCode"),
            (#"{"statusCode":101}"#, "statusCode"), (#"{"statusCode":20.5}"#, "statusCode"),
            (#"{"statusCode":"abc"}"#, "statusCode"), (#"{"statusCode":null}"#, "statusCode"),
            (#"{"statusCode":-200}"#, "statusCode"),
            (#"{"statusCode":200,"headers":[]}"#, "'headers' is not an object"),
            (#"{"statusCode":200,"headers":{"A":["1"]}}"#, "'A' is a list"),
            (#"{"statusCode":200,"headers":{"A":"x\r\nB: y"}}"#, "'A' holds a byte"),
            (#"{"statusCode":200,"headers":{"A":"\u0000"}}"#, "'A' holds a byte"),
            (#"{"statusCode":200,"headers":{"A b":"1"}}"#, "'A b' holds a byte"),
            (#"{"statusCode":200,"headers":{"":"1"}}"#, "holds a byte"),
            (#"{"statusCode":200,"cookies":"a=1"}"#, "'cookies' is not a list"),
            (#"{"statusCode":200,"cookies":[1]}"#, "no string"),
            (#"{"statusCode":200,"cookies":["a\nb"]}"#, "cookie holds a byte"),
            (#"{"statusCode":200,"body":"%%%%","isBase64Encoded":true}"#, "base64"),
        ])
    func invalid(result: String, reason: String) {
        let text = map(result)
        #expect(text.hasPrefix("invalid_response: ") && text.contains(reason), "\(text)")
    }

    @Test(
        "A program's output has the type that it looks like",
        arguments: [
            ("{\"a\": 1}\n", "application/json"), ("[1]", "application/json"), ("12", "text/plain; charset=utf-8"),
            ("\"x\"", "text/plain; charset=utf-8"), ("hi\n", "text/plain; charset=utf-8"),
            ("{oops", "text/plain; charset=utf-8"), ("", "text/plain; charset=utf-8"),
            ("\u{e6}", "text/plain; charset=utf-8"),
        ])
    func output(result: String, type: String) { #expect(map(result, .output) == "200 \(type) [] \(result)") }

    @Test(
        "Output that is no text is binary, cut-off and overlong UTF-8 included",
        arguments: [
            [0xff], [0x61, 0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
            [0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0xe2, 0x82],
        ] as [[UInt8]])
    func binaryOutput(bytes: [UInt8]) throws {
        let response = try ResponseMapper.map(ByteBuffer(bytes: bytes), mapping: .output)
        #expect(response.contentType.description == "application/octet-stream")
    }

    @Test(
        "A raw result is untouched",
        arguments: [
            (#"{"statusCode": 500}"#, "application/json"), ("\"x\"", "application/json"),
            ("hello", "application/octet-stream"),
        ])
    func raw(result: String, type: String) { #expect(map(result, .raw) == "200 \(type) [] \(result)") }

    @Test("The contract and the payload mode choose the mapping")
    func mappings() {
        #expect(ResultMapping(contract: .lambda, payload: .event) == .event)
        #expect(ResultMapping(contract: .stdio, payload: .raw) == .raw)
        #expect(ResultMapping(contract: .exec, payload: .event) == .output)
    }

    @Test("Nesting is bounded, since the scanner calls itself")
    func depth() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(map(deep).hasPrefix("200 text/plain"))
        let fine = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(map(fine) == "200 application/json [] \(fine)")
    }
}
