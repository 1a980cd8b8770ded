import TextForms

/// The rule for the names of entries, which come from somebody else and become paths of this machine.
enum ZipPath {
    private static let partBytes = 255

    /// The path without `.` parts and without a slash at its end; nil for the directory itself.
    ///
    /// - Throws: `unsafe` for whatever could lead out of a directory, and `tooLarge`.
    static func clean(_ name: ArraySlice<UInt8>, limits: ZipLimits) throws(ZipError) -> String? {
        guard !name.isEmpty else { throw ZipError(.unsafe, "an entry's name is empty") }
        guard let text = String(validating: name, as: UTF8.self) else {
            throw ZipError(
                .unsafe,
                "the name \(escaped(name)) is not UTF-8: the archive was made with names in another code page; make it "
                    + "with UTF-8 names, as `zip` and `python3 -m zipfile` do, or rename the file")
        }
        let shown = shown(text)
        guard name.count <= limits.pathBytes else {
            throw ZipError(.tooLarge, "the path \(shown) has more than \(limits.pathBytes) bytes")
        }
        guard name.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ZipError(.unsafe, "the name \(shown) holds control characters")
        }
        guard !name.contains(UInt8(ascii: "\\")) else {
            throw ZipError(.unsafe, "the name \(shown) holds a backslash; paths are written with '/'")
        }
        guard name.first != UInt8(ascii: "/"), !isDrive(name) else {
            throw ZipError(.unsafe, "the path \(shown) is absolute")
        }
        var parts: [Substring] = []
        let all = text.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in all.enumerated() {
            if part == "." || (part.isEmpty && index == all.count - 1) { continue }
            guard !part.isEmpty else { throw ZipError(.unsafe, "the path \(shown) has an empty part") }
            guard part != ".." else { throw ZipError(.unsafe, "the path \(shown) leads out of the archive") }
            guard part.utf8.count <= partBytes else {
                throw ZipError(.tooLarge, "a name in \(shown) has more than \(partBytes) bytes")
            }
            parts.append(part)
        }
        guard parts.count <= limits.depth + 1 else {
            throw ZipError(.tooLarge, "the path \(shown) is more than \(limits.depth) directories deep")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }

    /// `C:` and the like.
    private static func isDrive(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, name.dropFirst().first == UInt8(ascii: ":") else { return false }
        return (65...90).contains(first & 0xDF)
    }

    /// A name that is no text, its other bytes as `\xNN`.
    private static func escaped(_ name: ArraySlice<UInt8>) -> String {
        let shown = name.prefix(80).map { byte -> String in
            if (0x20..<0x7F).contains(byte) { return String(Unicode.Scalar(byte)) }
            return "\\x" + Hexadecimal.text(word: byte)
        }
        return "'\(shown.joined())'"
    }

    /// A name as a message may show it.
    static func shown(_ text: String) -> String {
        let safe = String(
            text.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
        return "'\(safe)'"
    }
}
