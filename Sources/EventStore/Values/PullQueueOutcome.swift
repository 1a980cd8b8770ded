/// What became of the wish to make or change a pull queue.
package enum PullQueueOutcome: String, Hashable, Sendable {
    case done = "OK"
    /// It was there, just as wanted.
    case same = "SAME"
    /// It was there with other settings.
    case differs = "DIFFERS"
    case notFound = "NONE"
}
