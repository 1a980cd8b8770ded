/// One file of a scaffold.
struct ScaffoldFile {
    /// Its name in the function's directory.
    let name: String
    let contents: String
    var isExecutable = false
}
