/// One fenced block of a page.
package struct DocumentationBlock: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Commands, which have to work.
        case commands
        /// Commands that run where all these programs are on `PATH`.
        case needing([String])
        /// Commands that a test cannot run, and why.
        case notRun(reason: String)
        /// Commands that the page does not show: what its reader has already.
        case setup
        /// What is written to a file before the next commands.
        case file(path: String)
        /// What the commands before it print.
        case output
        /// Anything else.
        case other
    }

    package var kind: Kind
    /// The word behind the fence, such as `sh`.
    package var language: String
    /// The line of the opening fence, counted from 1.
    package var line: Int
    /// Between the fences, without the fence's indentation.
    package var text: [String]
    /// What the commands have to print; nil when the page does not say.
    package var expected: [String]?

    /// Whether it holds commands that somebody types.
    package var hasCommands: Bool {
        switch kind {
        case .commands, .needing, .notRun: true
        case .setup, .file, .output, .other: false
        }
    }
}
