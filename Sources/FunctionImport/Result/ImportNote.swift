/// Something that the file says and that was not carried over, or not as it was.
package struct ImportNote: Encodable, Hashable, Sendable {
    /// Where it stands in the file, such as `Resources.Orders.Properties.Layers`.
    package let place: String
    /// What is missing or different now, and what to do.
    package let message: String
    /// The file in which it stands, which the imported one may include.
    package var file: String?
    /// Counted from 1.
    package var line: Int?

    package init(place: String, message: String, file: String? = nil, line: Int? = nil) {
        self.place = place
        self.message = message
        self.file = file
        self.line = line
    }

    /// `serverless.yml:12`, as far as it is known.
    package var location: String? { file.map { file in line.map { "\(file):\($0)" } ?? file } }
}
