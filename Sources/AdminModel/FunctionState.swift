/// Where a function stands, in one word.
package enum FunctionState: String, Codable, Hashable, Sendable, CaseIterable {
    /// What was dropped serves.
    case active
    /// A new version is being warmed; an older one may still serve.
    case starting
    /// Somebody writes the files, or did a moment ago; an older version may still serve.
    case copying
    /// The files were refused; an older version may still serve.
    case rejected
    /// The new version could not start; an older one may still serve.
    case failed
    /// The files are gone and the last invocations finish.
    case removing
}
