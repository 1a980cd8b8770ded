/// Where the catalogue looks and keeps things.
package struct CatalogConfiguration: Sendable {
    /// The directory that people drop functions into.
    package var functionsDirectory: String
    /// The controller's own directory; versions lie in `versions/` there.
    package var stateDirectory: String
    package var hostArchitecture = MachineArchitecture.host
    /// How long nothing may have changed before a file is taken to be whole.
    package var settleMilliseconds = 500
    /// Versions of a function that are kept.
    package var keptVersions = 10
    /// How long versions of a function that was removed are kept, so that it may come back under its numbers.
    var keptRemovedMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// The same for all but so many, of those that were removed last.
    var keptRemovedFunctions = 100
    var crowdedRemovedMilliseconds: Int64 = 3_600_000
    /// Functions that are copied and hashed at once.
    package var stagingWidth = 4

    package init(functionsDirectory: String, stateDirectory: String) {
        self.functionsDirectory = functionsDirectory
        self.stateDirectory = stateDirectory
    }
}
