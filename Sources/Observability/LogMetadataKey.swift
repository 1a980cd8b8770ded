/// The one list of metadata keys of the controller's log, in the order in which they are printed.
package enum LogMetadataKey {
    package static let function = "function"
    package static let invocation = "invocation"
    package static let attempt = "attempt"
    package static let worker = "worker"
    package static let version = "version"

    static let ordered = [function, invocation, attempt, worker, version]

    /// The keys of a record in their order: the fixed ones first, then the others by name.
    static func sorted(_ keys: some Collection<String>) -> [String] {
        let present = Set(keys)
        return ordered.filter(present.contains) + present.subtracting(ordered).sorted()
    }
}
