import Yams

/// Reads the text of a file, JSON included.
enum DocumentFile {
    /// - Parameters:
    ///   - file: the file's name in notes.
    ///   - place: where the document stands in the whole; empty for the imported file itself.
    static func parse(
        _ text: String, file: String, place: String = "", expressions: any Expressions
    ) throws(ImportError) -> DocumentValue {
        do {
            guard let node = try Yams.compose(yaml: text, .basic) else { throw ImportError("\(file) is empty") }
            return DocumentValue(node, place: place, file: file, expressions: expressions)
        } catch let error as ImportError {
            throw error
        } catch {
            throw ImportError("\(file) is not YAML: \(error)")
        }
    }
}
