/// The version of this build.
package enum GloVersion {
    package static let current = "0.1.0"
}
