/// A file that lets handlers written for Fn's Python FDK run under Glo's loader.
struct FnAdapter {
    /// What runs: `fdk FILE FUNCTION`.
    struct Entry {
        /// Relative to the function's directory.
        let file: String
        let function: String

        /// The FDK's own: `func.py` and `handler`.
        init() {
            file = "func.py"
            function = "handler"
        }

        /// Nil when the file does not lie in the function's directory, which is `/function` in Fn's images, or the name
        /// is none of Python's.
        init?(file: String, function: String) {
            let path = file.hasPrefix("/function/") ? String(file.dropFirst(10)) : file
            guard let parts = try? FilesBeside.parts(of: path), !parts.isEmpty, path.hasSuffix(".py"),
                path.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) }),
                let first = function.first, first == "_" || first.isLetter,
                function.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
            else { return nil }
            self.file = parts.joined(separator: "/")
            self.function = function
        }
    }

    let contents: String

    init(function name: String, _ entry: Entry) {
        contents = AdapterText.filled(
            PackageResources.glo_fn_py,
            ["FILE": entry.file, "FUNCTION": entry.function, "NAME": NameRule.functionName(name)])
    }
}
