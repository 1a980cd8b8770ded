/// One function as it will lie in the functions directory.
package struct ImportedFunction: Sendable {
    package let name: String
    /// Where the file describes it, for notes about its code.
    package var origin: ImportNote?
    /// The directory whose contents are copied, as the file names it; relative to the file. Nil when there is none.
    package var sourceDirectory: String?
    /// The directory of the function that the contents are copied to; nil is the function's own.
    package var targetDirectory: String?
    /// Which of the contents are copied.
    package var rules = PackageRules()
    /// A ZIP archive whose contents are the code, as the file names it. Nil when there is none.
    package var sourceArchive: String?
    package var manifest = ManifestDocument()
    /// What is written besides, such as inline code.
    package var files: [(name: String, contents: String)] = []
    /// Files without which the function cannot run, and what names them.
    package var requiredFiles: [(path: String, reason: String)] = []

    init(name: String, at value: DocumentValue) {
        self.name = name
        origin = ImportNote(place: value.place, message: "", file: value.file, line: value.line)
    }

    init(name: String) { self.name = name }
}
