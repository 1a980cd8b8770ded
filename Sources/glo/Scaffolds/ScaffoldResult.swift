/// What `glo init -o json` prints.
struct ScaffoldResult: Encodable {
    let name: String
    let language: String
    let directory: String
    let files: [String]
    /// What to run next, in order.
    let next: [String]
}
