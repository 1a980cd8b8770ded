import FunctionModel

/// What the name of an entry of the functions directory means, before anything is opened.
enum DropInName: Hashable {
    /// Hidden, private (`_`), or something that an editor or a copy left: never looked at.
    case ignored
    /// The name of a function, as the file kind gives it.
    case function(FunctionName)
    /// Neither; `suggestion` is a name that would do.
    case invalid(suggestion: String?)

    private static let ignoredEndings = ["~", ".swp", ".swo", ".swx", ".tmp"] + partialEndings
    /// What programs that copy name a file until it is whole.
    private static let partialEndings = [
        ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload",
    ]
    private static let documentEndings = [".md", ".txt", ".rst", ".adoc", ".html", ".pdf"]
    private static let documentStarts = ["README", "LICENSE", "LICENCE", "NOTICE", "COPYING", "CHANGELOG"]

    /// What only its name says: whether the entry is passed over without a word.
    static func isIgnored(_ entry: String) -> Bool {
        guard let first = entry.utf8.first else { return true }
        if first == UInt8(ascii: ".") || first == UInt8(ascii: "_") || first == UInt8(ascii: "#") { return true }
        return ignoredEndings.contains { entry.hasSuffix($0) }
    }

    /// Whether a file that is not executable is a document that somebody put beside the functions.
    static func isDocument(_ entry: String) -> Bool {
        documentStarts.contains { entry.hasPrefix($0) } || documentEndings.contains { entry.lowercased().hasSuffix($0) }
    }

    /// Whether a name inside a function's directory is an editor's or a version control's own and no part of a version.
    static func isIgnoredInside(_ name: String) -> Bool {
        if name == ".git" || name == ".DS_Store" || name.hasPrefix(".#") { return true }
        if name.hasPrefix("#") && name.hasSuffix("#") { return true }
        return ["~", ".swp", ".swo", ".swx"].contains { name.hasSuffix($0) }
    }

    /// Whether a name inside a function's directory says that a copy is being made, or was broken off.
    static func isPartial(_ name: String) -> Bool {
        if partialEndings.contains(where: { name.hasSuffix($0) }) { return true }
        if name.hasSuffix(".tmp") {
            return [".syncthing.", "~syncthing~", ".unison."].contains { name.hasPrefix($0) }
        }
        return isRsyncTemporary(name)
    }

    /// `.NAME.XXXXXX`, as rsync's mkstemp makes it. Six small letters alone are taken for an ordinary name, such as
    /// `.env.docker`.
    private static func isRsyncTemporary(_ name: String) -> Bool {
        guard name.hasPrefix("."), let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        let ending = name[name.index(after: dot)...].utf8
        let isAlphanumeric = ending.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        }
        guard ending.count == 6, isAlphanumeric, name.index(after: name.startIndex) != dot else { return false }
        return ending.contains { (65...90).contains($0) } && ending.contains { !(65...90).contains($0) }
    }

    /// - Parameter isDirectory: a file may have one extension, which is no part of the function's name.
    static func of(_ entry: String, isDirectory: Bool) -> DropInName {
        if isIgnored(entry) { return .ignored }
        var stem = Substring(entry)
        if !isDirectory, let dot = entry.lastIndex(of: "."), dot != entry.startIndex { stem = entry[..<dot] }
        if let name = FunctionName(String(stem)) { return .function(name) }
        return .invalid(suggestion: suggestion(stem))
    }

    private static func suggestion(_ stem: Substring) -> String? {
        let mapped = stem.lowercased().map { character -> Character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
        }
        let text = String(mapped.drop { $0 == "-" }.prefix(63))
        return FunctionName(text)?.rawValue
    }
}
