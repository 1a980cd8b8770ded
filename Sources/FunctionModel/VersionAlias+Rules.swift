extension VersionAlias {
    /// Versions that one alias may name.
    package static let mostShares = 10
    /// What a sum of weights may be away from 1: decimals such as 0.1 are not exact.
    private static let tolerance = 1e-6

    /// What a name may be: Lambda's rule, so that it is never a published number.
    package static let rule = "1 to 128 letters, digits, '-' and '_', not digits alone"

    package static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        let isWord = bytes.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 95
        }
        return (1...128).contains(bytes.count) && isWord && !bytes.allSatisfy { (48...57).contains($0) }
    }

    /// Whether the text is the number of a published version, which stands where an alias may.
    package static func isNumber(_ text: String) -> Bool { Int(text).map { $0 > 0 && String($0) == text } ?? false }

    /// Why this is no alias, in a sentence; nil when it is one.
    package var problem: String? {
        if !Self.isName(name) { return "the name of an alias has \(Self.rule)" }
        if !(1...Self.mostShares).contains(shares.count) { return "an alias names 1 to \(Self.mostShares) versions" }
        if Set(shares.map(\.version)).count < shares.count { return "a version is named twice" }
        if !shares.allSatisfy({ $0.weight > 0 && $0.weight <= 1 }) { return "a weight is above 0 and at most 1" }
        if abs(shares.reduce(0) { $0 + $1.weight } - 1) > Self.tolerance { return "the weights do not add up to 1" }
        if let stickyHeader, !Self.isFieldName(stickyHeader) { return "the sticky field is no name of a header field" }
        if let description, description.count > PublishedNumber.longestDescription {
            return "a description has at most \(PublishedNumber.longestDescription) characters"
        }
        return nil
    }

    /// RFC 9110, section 5.6.2, in lower case.
    private static func isFieldName(_ text: String) -> Bool {
        let marks = "!#$%&'*+-.^_`|~".utf8
        return (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || marks.contains($0) }
    }
}
