import AdminModel
import FunctionImport

/// What `glo import` has done.
struct ImportResult: Encodable {
    struct Function: Encodable {
        var name: String
        /// Its directory.
        var path: String
        /// Only of a dry run.
        var manifest: String?
        /// Why Glo would not take it as it is.
        var problems: [FunctionProblem] = []
        var warnings: [String] = []
    }

    var format: String
    var written: Bool
    var functions: [Function] = []
    var notCarriedOver: [ImportNote]

    var text: String {
        var text = "\(format): \(functions.count) function\(functions.count == 1 ? "" : "s")\n"
        for function in functions { text += self.text(of: function) }
        if !notCarriedOver.isEmpty {
            text += "Not carried over, or not as it was:\n"
            for note in notCarriedOver {
                let place = [note.location, note.place.isEmpty ? nil : note.place].compactMap(\.self)
                text +=
                    "  \(TerminalText.escaped(place.joined(separator: " "))): \(TerminalText.escaped(note.message))\n"
            }
        }
        return text
    }

    private func text(of function: Function) -> String {
        var text = function.manifest.map { "--- \(function.path)/function.yaml\n\($0)" } ?? "  \(function.path)\n"
        for problem in function.problems {
            text += "    problem: \(problem.location.map { "\($0): " } ?? "")\(TerminalText.escaped(problem.message))\n"
            if let hint = problem.hint { text += "      \(TerminalText.escaped(hint))\n" }
        }
        for warning in function.warnings { text += "    warning: \(TerminalText.escaped(warning))\n" }
        return text
    }
}
