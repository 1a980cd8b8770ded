/// What `glo doctor --fix` can put right by itself.
package enum Mend: Hashable, Sendable {
    /// A kernel setting by its dotted name, now and after the next boot.
    case sysctl(name: String, value: String)
    /// Transparent huge pages, now and after the next boot.
    case hugePages(String)
    /// The modes of files.
    case modes([PathMode])

    package struct PathMode: Hashable, Sendable {
        package var path: String
        package var mode: UInt32

        package init(path: String, mode: UInt32) {
            self.path = path
            self.mode = mode
        }
    }
}
