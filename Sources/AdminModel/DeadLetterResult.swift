/// How many dead letters a request took.
package struct DeadLetterResult: Codable, Hashable, Sendable {
    package var count: Int
    /// Dead letters that the function still has, older ones than were asked for included.
    package var left: Int

    package init(count: Int, left: Int) {
        self.count = count
        self.left = left
    }
}
