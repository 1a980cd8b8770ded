/// Problems of many files, told once for each cause: the first file by name, and how many others there are.
struct ProblemList {
    private struct Cause {
        let problem: CatalogProblem
        let key: String
        var others = 0
    }

    /// So many causes are told; more help nobody.
    private static let limit = 20

    private var causes: [Cause] = []

    var isEmpty: Bool { causes.isEmpty }
    /// Whether another cause would not be told any more.
    var isFull: Bool { causes.count >= Self.limit }

    /// - Parameter cause: what makes two problems of one code the same; the message when it is nil.
    mutating func add(
        _ code: CatalogProblem.Code, _ message: String, hint: String? = nil, path: String, cause: String? = nil
    ) {
        let key = cause ?? message
        if let known = causes.firstIndex(where: { $0.problem.code == code && $0.key == key }) {
            causes[known].others += 1
        } else if !isFull {
            causes.append(Cause(problem: CatalogProblem(code, message, hint: hint, path: path), key: key))
        }
    }

    var list: [CatalogProblem] {
        causes.map { cause in
            let problem = cause.problem
            guard cause.others > 0 else { return problem }
            let more = cause.others == 1 ? "one other" : "\(cause.others) others"
            return CatalogProblem(
                problem.code, "\(problem.message); the same goes for \(more)", hint: problem.hint, path: problem.path)
        }
    }
}
