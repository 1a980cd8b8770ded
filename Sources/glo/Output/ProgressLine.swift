/// One line on standard error that is written over and over while something goes on; nothing without a terminal.
struct ProgressLine {
    private var isShown = false

    mutating func show(_ text: String) {
        guard Console.errorIsTerminal else { return }
        Console.error(Array("\r\(text)\u{1B}[K".utf8))
        isShown = true
    }

    /// Takes the line away.
    mutating func clear() {
        if isShown { Console.error(Array("\r\u{1B}[K".utf8)) }
        isShown = false
    }
}
