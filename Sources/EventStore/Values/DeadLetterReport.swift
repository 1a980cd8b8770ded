/// What a redrive or a purge did.
package struct DeadLetterReport: Hashable, Sendable {
    package let changed: Int
    /// Dead letters that the function still has.
    package let left: Int
}
