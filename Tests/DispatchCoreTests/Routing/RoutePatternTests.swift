import DispatchCore
import Testing

@Suite("Route patterns")
struct RoutePatternTests {
    @Test(
        "A pattern's literals are kept in the one spelling that clients send",
        arguments: [
            ("/bl\u{e5}b\u{e6}r", "/bl%C3%A5b%C3%A6r"),
            ("/%61dmin", "/admin"),
            ("/a%2fb", "/a%2Fb"),
            ("/a:b@c,d;e=f", "/a:b@c,d;e=f"),
            ("/a/", "/a/"),
            ("/", "/"),
        ])
    func canonicalLiterals(text: String, expected: String) throws {
        let spelled = try RoutePattern(text).segments.map { segment -> String in
            guard case .literal(let literal) = segment else { return "?" }
            return literal
        }
        #expect("/" + spelled.joined(separator: "/") == expected)
    }

    @Test("Parameters, tails and wildcards are told apart")
    func kinds() throws {
        #expect(
            try RoutePattern("/a/{id}/{rest+}").segments == [.literal("a"), .parameter("id"), .tail("rest")])
        #expect(try RoutePattern("/a/*").segments == [.literal("a"), .wildcard])
        #expect(try RoutePattern("/{x}/b/{y}").parameterNames == ["x", "y"])
    }

    @Test(
        "A wrong pattern is refused with the reason and the place",
        arguments: [
            ("", RoutePatternError.Reason.missingSlash, 0),
            ("a/b", .missingSlash, 0),
            ("/a//b", .emptySegment, 3),
            ("/a/../b", .dotSegment, 3),
            ("/a/%2e%2E", .dotSegment, 3),
            ("/.", .dotSegment, 1),
            ("/_/x", .reservedPrefix, 1),
            ("/_", .reservedPrefix, 1),
            ("/a{id}", .braceInsideSegment, 2),
            ("/{id}.json", .braceInsideSegment, 5),
            ("/{id", .unclosedBrace, 1),
            ("/{}", .invalidParameterName, 2),
            ("/{+}", .invalidParameterName, 2),
            ("/{a b}", .invalidParameterName, 2),
            ("/{id}/{id}", .repeatedParameterName("id"), 6),
            ("/{rest+}/b", .tailNotLast, 1),
            ("/*/b", .wildcardNotLast, 1),
            ("/a*", .wildcardNotLast, 2),
            ("/a b", .invalidCharacter, 2),
            ("/a?b", .invalidCharacter, 2),
            ("/a#b", .invalidCharacter, 2),
            ("/a\u{7}", .invalidCharacter, 2),
            ("/a%2", .invalidPercentEncoding, 2),
            ("/a%zz", .invalidPercentEncoding, 2),
            ("/a%00", .encodedNUL, 2),
        ])
    func errors(text: String, reason: RoutePatternError.Reason, offset: Int) {
        #expect(throws: RoutePatternError(pattern: text, reason: reason, offset: offset)) { try RoutePattern(text) }
    }

    @Test("Too long a pattern and too many segments are refused")
    func bounds() {
        let long = "/" + String(repeating: "a", count: 1024)
        #expect(throws: RoutePatternError(pattern: long, reason: .tooLong, offset: 1024)) { try RoutePattern(long) }
        let deep = String(repeating: "/a", count: 65)
        #expect(throws: RoutePatternError(pattern: deep, reason: .tooManySegments, offset: 129)) {
            try RoutePattern(deep)
        }
    }
}
