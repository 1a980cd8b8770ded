/// What an erasure came to.
package struct EraseResult: Codable, Hashable, Sendable {
    package var erased: Int
    /// Invocations that are being cancelled; they are erased by asking again when they have ended.
    package var running: Int

    package init(erased: Int, running: Int) {
        self.erased = erased
        self.running = running
    }
}
