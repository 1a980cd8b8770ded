/// Splits a text into commands and these into words. A command in `$(…)` is one of its own, and a placeholder where it
/// stands.
struct ShellScanner {
    private let text: [Character]
    private var index = 0
    private var found: [[String]] = []

    init(_ text: String) { self.text = Array(text) }

    mutating func commands() -> [[String]] {
        scan(until: nil)
        return found
    }

    private mutating func scan(until end: Character?) {
        var words: [String] = []
        var word: String?
        var skipsNext = false
        func finished(_ words: inout [String], _ word: inout String?, _ skipsNext: inout Bool) {
            if let text = word {
                if skipsNext { skipsNext = false } else { words.append(text) }
            }
            word = nil
        }
        while index < text.count {
            let character = text[index]
            if character == end { break }
            switch character {
            case " ", "\t": finished(&words, &word, &skipsNext)
            case "\n", ";", "|", "&", "(", ")":
                // `2>&1` is a redirection and ends nothing.
                if character == "&", skipsNext { break }
                finished(&words, &word, &skipsNext)
                if !words.isEmpty { found.append(words) }
                words = []
                skipsNext = false
            case "#" where word == nil: while index + 1 < text.count, text[index + 1] != "\n" { index += 1 }
            case ">", "<":
                if word.map({ $0.allSatisfy(\.isNumber) }) ?? false { word = nil }
                finished(&words, &word, &skipsNext)
                skipsNext = true
            case "'": word = (word ?? "") + quoted()
            case "\"": word = (word ?? "") + doubleQuoted()
            case "$": word = (word ?? "") + expansion()
            case "\\" where index + 1 < text.count:
                index += 1
                word = (word ?? "") + String(text[index])
            default: word = (word ?? "") + String(character)
            }
            index += 1
        }
        finished(&words, &word, &skipsNext)
        if !words.isEmpty { found.append(words) }
    }

    /// At the first quote; leaves the index at the last.
    private mutating func quoted() -> String {
        var result = ""
        index += 1
        while index < text.count, text[index] != "'" {
            result.append(text[index])
            index += 1
        }
        return result
    }

    private mutating func doubleQuoted() -> String {
        var result = ""
        index += 1
        while index < text.count, text[index] != "\"" {
            if text[index] == "$" {
                result += expansion()
            } else if text[index] == "\\", index + 1 < text.count {
                index += 1
                result.append(text[index])
            } else {
                result.append(text[index])
            }
            index += 1
        }
        return result
    }

    /// At the dollar; leaves the index at the last character of what it expands.
    private mutating func expansion() -> String {
        guard index + 1 < text.count else { return "$" }
        if text[index + 1] == "(" {
            index += 2
            var inner = ShellScanner(String(text[index...]))
            inner.scan(until: ")")
            found += inner.found
            index += inner.index
            return ShellCommands.placeholder
        }
        if text[index + 1] == "{" {
            while index < text.count, text[index] != "}" { index += 1 }
            return ShellCommands.placeholder
        }
        var length = 0
        while index + 1 + length < text.count, isNamePart(text[index + 1 + length]) { length += 1 }
        index += length
        return length == 0 ? "$" : ShellCommands.placeholder
    }

    private func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
