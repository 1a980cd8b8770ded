import AdminModel

/// What `glo validate` found.
struct ValidationResult: Encodable {
    /// Whether Glo would deploy it.
    var valid: Bool
    var path: String
    /// The name that the function would have.
    var name: String?
    var contract: String?
    var command: [String]?
    var routes: [RouteInfo] = []
    var problems: [FunctionProblem] = []
    var warnings: [String] = []

    var text: String {
        var fields = FieldList()
        fields.add(valid ? "Good" : "Rejected", path)
        fields.add("Name", name)
        fields.add("Contract", contract)
        fields.add("Command", command.map(ShellText.line))
        fields.add("Routes", each: routes.map(\.text))
        for problem in problems {
            fields.add("Problem", "\(problem.location.map { "\($0): " } ?? "")\(problem.message) (\(problem.code))")
            fields.add("What to do", problem.hint)
        }
        fields.add("Warnings", each: warnings)
        return fields.text
    }
}
