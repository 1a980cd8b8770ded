/// Reads the files with which functions are described elsewhere.
package enum Importer {
    /// The formats by their telling keys.
    ///
    /// - Parameters:
    ///   - text: YAML or JSON.
    ///   - path: the file's name, in messages.
    ///   - environment: for variables that name it.
    package static func plan(
        _ text: String, path: String, environment: [String: String] = [:]
    ) throws(ImportError) -> ImportPlan {
        let root = try DocumentValue.parse(text, path: path)
        if root["Resources"] != nil { return try SAMTemplate(root).plan() }
        if root["provider"]?["name"]?.text == "openfaas" { return try OpenFaaSStack(root: root).plan() }
        if root["service"] != nil || root["provider"] != nil {
            return try ServerlessService(root, environment: environment).plan()
        }
        if root["schema_version"] != nil || (root["runtime"] != nil && root["name"] != nil) {
            return try FnFunction(root: root).plan()
        }
        throw ImportError(
            "\(path) is none of the files that can be imported",
            hint: "a SAM template, serverless.yml, OpenFaaS's stack.yml and Fn's func.yaml can")
    }
}
