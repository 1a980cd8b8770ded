/// What an erasure did.
package struct EraseReport: Hashable, Sendable {
    package let erased: Int
    /// Those that run are being cancelled: ask again until none is left.
    package let running: Int
}
