import DispatchCore
import FunctionModel
import HTTPCodec
import Testing

/// Compares the trie with a matcher that is too simple to be wrong.
@Suite("The route table against a naive matcher")
struct RouteTableRandomTests {
    @Test("Random tables and paths give the same answers", arguments: 1...40 as ClosedRange<UInt64>)
    func sameAnswers(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let routes = try (0..<30).map { try randomRoute("f\($0)", &random) }
        let table = RouteTable(routes)
        #expect(table.routes.count + table.conflicts.count == routes.count)
        for _ in 0..<300 {
            let path = randomPath(&random)
            let method = [HTTPMethod.get, .post, .head].randomElement(using: &random) ?? .get
            #expect(
                summary(table.match(path: path, method: method)) == naive(table.routes, path, method), "\(path)")
        }
    }

    private func randomRoute(_ name: String, _ random: inout SplitMix64) throws -> Route {
        let count = Int.random(in: 1...4, using: &random)
        var pattern = ""
        for index in 0..<count {
            let isLast = index == count - 1
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6: pattern += "/" + (["a", "b", "c"].randomElement(using: &random) ?? "a")
            case 6..<8: pattern += "/{p\(index)}"
            case 8: pattern += isLast ? "/{t\(index)+}" : "/a"
            default: pattern += isLast ? "/*" : "/b"
            }
        }
        let methods: [[HTTPMethod]?] = [nil, [.get], [.post], [.get, .post], [.head]]
        return try route(pattern, name, methods.randomElement(using: &random) ?? nil)
    }

    private func randomPath(_ random: inout SplitMix64) -> String {
        let count = Int.random(in: 1...5, using: &random)
        return (0..<count).map { _ in "/" + (["a", "b", "c", "d", ""].randomElement(using: &random) ?? "") }.joined()
    }

    // MARK: The naive matcher

    private func naive(_ routes: [Route], _ path: String, _ method: HTTPMethod) -> String {
        let fitting = routes.filter { fits($0.pattern, path) }
        let taking = fitting.filter { takes($0, method) }
        let best = taking.min { rank($0, method).lexicographicallyPrecedes(rank($1, method)) }
        if let best { return ([best.function.rawValue] + values(best.pattern, path)).joined(separator: " ") }
        if fitting.isEmpty { return "404" }
        let allowed: [HTTPMethod] = [.get, .head, .post].filter { method in fitting.contains { takes($0, method) } }
        return "405 " + allowed.map(\.name).joined(separator: ",")
    }

    private func takes(_ route: Route, _ method: HTTPMethod) -> Bool {
        guard let methods = route.methods else { return true }
        return methods.contains(method) || (method == .head && methods.contains(.get))
    }

    private func segments(_ path: String) -> [String] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    private func fits(_ pattern: RoutePattern, _ path: String) -> Bool {
        let given = segments(path)
        for (index, segment) in pattern.segments.enumerated() {
            guard index < given.count else { return false }
            switch segment {
            case .literal(let literal): if given[index] != literal { return false }
            case .parameter: if given[index].isEmpty { return false }
            case .tail: return given[index...].joined(separator: "/") != ""
            case .wildcard: return true
            }
        }
        return given.count == pattern.segments.count
    }

    /// Smaller is more specific; a method that is listed goes before one that GET implies.
    private func rank(_ route: Route, _ method: HTTPMethod) -> [Int] {
        let kinds = route.pattern.segments.map { segment in
            switch segment {
            case .literal: 0
            case .parameter: 1
            case .tail, .wildcard: 2
            }
        }
        return kinds + [route.methods?.contains(method) ?? true ? 0 : 1]
    }

    private func values(_ pattern: RoutePattern, _ path: String) -> [String] {
        let given = segments(path)
        return pattern.segments.enumerated().compactMap { index, segment in
            switch segment {
            case .parameter(let name): "\(name)=\(given[index])"
            case .tail(let name): "\(name)=\(given[index...].joined(separator: "/"))"
            case .literal, .wildcard: nil
            }
        }
    }
}
