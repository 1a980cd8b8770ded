/// What `function.yaml` says, with the defaults filled in. A bare executable has the default manifest.
package struct Manifest: Hashable, Sendable {
    /// The command line inside the container; nil means the file that the drop-in rules find.
    package var command: [String]?
    /// Nil means that the contract is chosen by the drop-in rules.
    package var contract: Contract?
    /// As it was written, such as `python` or `nodejs22.x`; one of those that ``HandlerRuntime`` knows.
    package var runtime: String?
    /// What the loader loads, such as `app.handle`; handed to the handler as `_HANDLER`.
    package var handler: String?
    /// A container image; nil is the built-in base image.
    package var image: String?
    package var limits = Limits()
    package var network = Network.none
    package var workers = WorkerSettings()
    package var environment: [String: String] = [:]
    /// Names of secrets, each delivered as a file in `/run/secrets`.
    package var secrets: [String] = []
    package var payload = PayloadMode.event
    /// Nil means the default triggers: the routes `/NAME` and `/NAME/*` and the topic `NAME`.
    package var triggers: [Trigger]?
    /// What happens to queued events; named so because `async` is a word of the language.
    package var asyncSettings = AsyncSettings()
    /// One line for people.
    package var description: String?

    package init() {}
}
