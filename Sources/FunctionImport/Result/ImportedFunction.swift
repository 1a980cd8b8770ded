/// One function as it will lie in the functions directory.
package struct ImportedFunction: Sendable {
    package let name: String
    /// The directory whose contents are copied, as the file names it; relative to the file. Nil when there is none.
    package var sourceDirectory: String?
    /// A ZIP archive whose contents are the code, as the file names it. Nil when there is none.
    package var sourceArchive: String?
    package var manifest = ManifestDocument()
    /// What is written besides, such as inline code.
    package var files: [(name: String, contents: String)] = []

    init(name: String) { self.name = name }
}
