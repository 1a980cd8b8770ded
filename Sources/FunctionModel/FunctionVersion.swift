/// One immutable version of a function: its files in the version store, its manifest and what follows from them.
package struct FunctionVersion: Hashable, Sendable {
    package let name: FunctionName
    /// 1, 2, 3 … in the order of deployment.
    package let number: Int
    /// SHA-256 over the files and their modes, lower-case hexadecimal.
    package let contentHash: String
    package let contract: Contract
    /// The command line as the container sees it; the first word is an absolute path or a name on `PATH`.
    package let command: [String]
    package let manifest: Manifest
    /// The directory of the store that holds the files; its contents appear at `/var/task`.
    package let filesPath: String
    /// Unix time in milliseconds.
    package let createdAtMilliseconds: Int64
    /// The published number that its handler is told, when it runs under that; nil is `$LATEST`.
    package var publishedNumber: Int?

    /// Its subscriptions; without triggers, to the topic of its own name.
    package var topics: [TopicTrigger] {
        guard let triggers = manifest.triggers else { return [TopicTrigger(name: name.rawValue)] }
        return triggers.compactMap { if case .topic(let topic) = $0 { topic } else { nil } }
    }

    /// In the manifest's order.
    package var schedules: [ScheduleTrigger] {
        (manifest.triggers ?? []).compactMap { if case .schedule(let schedule) = $0 { schedule } else { nil } }
    }

    package init(
        name: FunctionName, number: Int, contentHash: String, contract: Contract, command: [String], manifest: Manifest,
        filesPath: String, createdAtMilliseconds: Int64
    ) {
        self.name = name
        self.number = number
        self.contentHash = contentHash
        self.contract = contract
        self.command = command
        self.manifest = manifest
        self.filesPath = filesPath
        self.createdAtMilliseconds = createdAtMilliseconds
    }
}
