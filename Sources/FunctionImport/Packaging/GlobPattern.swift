/// A pattern of paths: `*`, `?`, `[a-z]`, `{a,b}` within a part of a path, `**` for any number of parts. Names that begin
/// with a dot are matched like others.
struct GlobPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case anyParts
        case one([Token])
    }

    private enum Token: Sendable, Hashable {
        case character(Character)
        case any
        case anyOne
        case set([ClosedRange<Character>], isNegated: Bool)
    }

    /// What the braces were taken apart to.
    private let alternatives: [[Part]]

    private static let mostAlternatives = 64

    /// Nil when the text is not such a pattern.
    init?(_ text: String) {
        var text = text.hasPrefix("./") ? String(text.dropFirst(2)) : text
        while text.hasPrefix("/") { text.removeFirst() }
        guard !text.isEmpty, text.utf8.count <= 1024, !text.contains("("), !text.contains("\\"),
            let expanded = Self.expanded(text)
        else { return nil }
        var alternatives: [[Part]] = []
        for text in expanded {
            guard let parts = Self.parts(text) else { return nil }
            alternatives.append(parts)
        }
        self.alternatives = alternatives
    }

    /// Whether the path, of parts between slashes, matches.
    func matches(_ path: [String]) -> Bool { alternatives.contains { Self.matches($0, path) } }

    // MARK: Reading

    private static func expanded(_ text: String) -> [String]? {
        var done: [String] = []
        var waiting = [text]
        while let text = waiting.popLast() {
            guard done.count + waiting.count < mostAlternatives else { return nil }
            guard let open = text.firstIndex(of: "{") else {
                if text.contains("}") { return nil }
                done.append(text)
                continue
            }
            let rest = text[text.index(after: open)...]
            guard let close = Braces.close(rest) else { return nil }
            for choice in choices(rest[..<close]) {
                waiting.append(text[..<open] + choice + text[text.index(after: close)...])
            }
        }
        return done
    }

    private static func choices(_ text: Substring) -> [String] {
        var choices = [""]
        var depth = 0
        for character in text {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == ",", depth == 0 { choices.append("") } else { choices[choices.count - 1].append(character) }
        }
        return choices
    }

    private static func parts(_ text: String) -> [Part]? {
        var parts: [Part] = []
        for part in text.split(separator: "/") {
            if part == "**" {
                if parts.last != .anyParts { parts.append(.anyParts) }
            } else {
                guard part != "..", let tokens = tokens(part) else { return nil }
                parts.append(.one(tokens))
            }
        }
        // What lies in a directory is meant when the pattern ends in a slash.
        if text.hasSuffix("/") { parts.append(.anyParts) }
        return parts
    }

    private static func tokens(_ text: Substring) -> [Token]? {
        var tokens: [Token] = []
        var rest = text
        while let character = rest.popFirst() {
            switch character {
            case "*":
                if tokens.last != .any { tokens.append(.any) }
            case "?": tokens.append(.anyOne)
            case "[":
                guard let end = rest.dropFirst().firstIndex(of: "]") else { return nil }
                guard let set = set(rest[..<end]) else { return nil }
                tokens.append(set)
                rest = rest[rest.index(after: end)...]
            default: tokens.append(.character(character))
            }
        }
        return tokens
    }

    private static func set(_ text: Substring) -> Token? {
        let isNegated = text.first == "!" || text.first == "^"
        var characters = Array(isNegated ? text.dropFirst() : text)
        guard !characters.isEmpty, !characters.contains("[") else { return nil }
        var ranges: [ClosedRange<Character>] = []
        while let first = characters.first {
            if characters.count >= 3, characters[1] == "-" {
                guard first <= characters[2] else { return nil }
                ranges.append(first...characters[2])
                characters.removeFirst(3)
            } else {
                ranges.append(first...first)
                characters.removeFirst()
            }
        }
        return .set(ranges, isNegated: isNegated)
    }

    // MARK: Matching

    /// Of wild cards the last one is tried longer when what follows fails, so that no pattern costs more than its length
    /// times the path's.
    private static func matches(_ pattern: [Part], _ path: [String]) -> Bool {
        var patternIndex = 0
        var pathIndex = 0
        var retry: (pattern: Int, path: Int)?
        while pathIndex < path.count {
            if patternIndex < pattern.count, case .one(let tokens) = pattern[patternIndex],
                matches(tokens, Array(path[pathIndex]))
            {
                patternIndex += 1
                pathIndex += 1
            } else if patternIndex < pattern.count, pattern[patternIndex] == .anyParts {
                retry = (patternIndex, pathIndex)
                patternIndex += 1
            } else if let last = retry {
                retry = (last.pattern, last.path + 1)
                patternIndex = last.pattern + 1
                pathIndex = last.path + 1
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == .anyParts }
    }

    private static func matches(_ tokens: [Token], _ name: [Character]) -> Bool {
        var tokenIndex = 0
        var index = 0
        var retry: (token: Int, index: Int)?
        while index < name.count {
            if tokenIndex < tokens.count, tokens[tokenIndex] != .any, matches(tokens[tokenIndex], name[index]) {
                tokenIndex += 1
                index += 1
            } else if tokenIndex < tokens.count, tokens[tokenIndex] == .any {
                retry = (tokenIndex, index)
                tokenIndex += 1
            } else if let last = retry {
                retry = (last.token, last.index + 1)
                tokenIndex = last.token + 1
                index = last.index + 1
            } else {
                return false
            }
        }
        return tokens[tokenIndex...].allSatisfy { $0 == .any }
    }

    private static func matches(_ token: Token, _ character: Character) -> Bool {
        switch token {
        case .character(let wanted): wanted == character
        case .any, .anyOne: true
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        }
    }
}
