/// Reads the files with which functions are described elsewhere.
package enum Importer {
    /// The formats by their telling keys.
    ///
    /// - Parameters:
    ///   - text: YAML or JSON.
    ///   - path: the file's name, in messages.
    ///   - environment: for variables that name it.
    ///   - directory: where the file lies; files that it names are read below it and nowhere else.
    package static func plan(
        _ text: String, path: String, environment: [String: String] = [:], directory: String = "/nonexistent"
    ) throws(ImportError) -> ImportPlan {
        let files = FilesBeside(directory: directory)
        let plain = try DocumentFile.parse(text, file: path, expressions: PlainExpressions())
        guard plain.isMapping else {
            throw ImportError("\(path) holds no mapping", hint: "it must be a YAML or JSON file")
        }
        if plain["Resources"] != nil { return try samPlan(text, path, files) }
        if let provider = plain["provider"]?["name"]?.word, ["openfaas", "faas"].contains(provider) {
            let variables = ShellVariables(environment: environment)
            let root = try DocumentFile.parse(text, file: path, expressions: variables)
            return try OpenFaaSStack(root: root, files: files).plan()
        }
        if plain["service"] != nil || plain["provider"] != nil {
            let expressions = ServerlessExpressions(environment: environment, files: files)
            let root = try DocumentFile.parse(text, file: path, expressions: expressions)
            expressions.root = root
            return try ServerlessService(root, expressions).plan()
        }
        if plain["schema_version"] != nil || (plain["runtime"] != nil && plain["name"] != nil) {
            let variables = ShellVariables(environment: environment, takesBareNames: true)
            return try FnFunction(root: plain, variables: variables).plan()
        }
        throw ImportError(
            "\(path) is none of the files that can be imported",
            hint: "a SAM template, serverless.yml, OpenFaaS's stack.yml and Fn's func.yaml can")
    }

    private static func samPlan(_ text: String, _ path: String, _ files: FilesBeside) throws(ImportError) -> ImportPlan
    {
        let expressions = CloudFormationExpressions()
        let root = try DocumentFile.parse(text, file: path, expressions: expressions)
        expressions.root = root
        return try SAMTemplate(root, expressions, files).plan()
    }
}
