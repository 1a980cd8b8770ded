/// What `prepare` found out about an engine.
package struct EngineDescription: Hashable, Sendable {
    /// Such as `Docker 20.10.24`.
    package var name: String
    /// The version of the API that is spoken, such as `1.41`; nil without one.
    package var apiVersion: String?
    /// Name and id of the built-in base image; nil without images.
    package var baseImageName: String?
    package var baseImageID: String?
    /// Processors and memory that the engine may give out; 0 when unknown.
    package var processors: Int
    package var memoryBytes: Int
    /// Containers outlive a restart of the engine.
    package var survivesEngineRestart: Bool
    /// The engine, or what it makes mounts as, is not root on this host.
    package var isRootless = false
    /// Sentences that the operator should read.
    package var warnings: [String]

    package init(
        name: String, apiVersion: String?, baseImageName: String?, baseImageID: String?, processors: Int,
        memoryBytes: Int, survivesEngineRestart: Bool, warnings: [String]
    ) {
        self.name = name
        self.apiVersion = apiVersion
        self.baseImageName = baseImageName
        self.baseImageID = baseImageID
        self.processors = processors
        self.memoryBytes = memoryBytes
        self.survivesEngineRestart = survivesEngineRestart
        self.warnings = warnings
    }
}
