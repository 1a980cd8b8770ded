/// Why a text is not a route's pattern, with the place.
package struct RoutePatternError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case missingSlash
        case tooLong
        case tooManySegments
        case emptySegment
        case dotSegment
        case reservedPrefix
        case braceInsideSegment
        case unclosedBrace
        case invalidParameterName
        case repeatedParameterName(String)
        case tailNotLast
        case wildcardNotLast
        case invalidCharacter
        case invalidPercentEncoding
        case encodedNUL
    }

    package let pattern: String
    package let reason: Reason
    /// How many bytes of the pattern stand before the place.
    package let offset: Int

    package init(pattern: String, reason: Reason, offset: Int) {
        self.pattern = pattern
        self.reason = reason
        self.offset = offset
    }

    /// What is wrong, where, and what to write instead.
    package var description: String {
        "route '\(pattern)', byte \(offset + 1): \(sentence)"
    }

    private var sentence: String {
        switch reason {
        case .missingSlash: "a pattern begins with '/'"
        case .tooLong: "a pattern has at most \(RoutePatternReader.maxBytes) bytes"
        case .tooManySegments: "a pattern has at most \(RoutePatternReader.maxSegments) segments"
        case .emptySegment: "'//' never matches; write one '/'"
        case .dotSegment: "'.' and '..' are no segments of a route; write the path that they lead to"
        case .reservedPrefix: "'/_/' belongs to Glo itself; choose another first segment"
        case .braceInsideSegment: "a parameter is a whole segment, such as '/{id}/'; split the segment"
        case .unclosedBrace: "'{' has no '}' in its segment"
        case .invalidParameterName: "a parameter's name is 1 to 64 of A-Z, a-z, 0-9, '_', '.', '-'"
        case .repeatedParameterName(let name): "the parameter '\(name)' stands there twice; give each its own name"
        case .tailNotLast: "'{name+}' takes the rest of the path, so it stands last"
        case .wildcardNotLast: "'*' takes the rest of the path, so it is the whole last segment"
        case .invalidCharacter: "this character cannot stand in a path; percent-encode it"
        case .invalidPercentEncoding: "'%' is followed by two hexadecimal digits; a bare percent sign is '%25'"
        case .encodedNUL: "'%00' is never matched"
        }
    }
}
