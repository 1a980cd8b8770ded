import DispatchCore
import Foundation
import FunctionModel
import HTTPCodec
import Testing

@testable import glo

/// nginx chooses a location by the path as it reads it, and passes the path on as it came.
@Suite("nginx's view of spellings")
struct NginxSpellingTests {
    /// nginx's own rule: the exact location, else the first expression, else the longest prefix.
    private struct Locations {
        private let list: [NginxConfiguration.Location]
        private let expressions: [(NSRegularExpression, NginxConfiguration.Location)]

        init(_ list: [NginxConfiguration.Location]) throws {
            self.list = list
            expressions = try list.filter { $0.words.hasPrefix("~ ") }.map { location in
                let text = Self.unquoted(String(location.words.dropFirst(2)), isExpression: true)
                return (try NSRegularExpression(pattern: text), location)
            }
        }

        private static func unquoted(_ text: String, isExpression: Bool) -> String {
            guard text.hasPrefix("\"") else { return text }
            let bare = String(text.dropFirst().dropLast()).replacingOccurrences(of: "\\\"", with: "\"")
            return isExpression ? bare : bare.replacingOccurrences(of: "\\\\", with: "\\")
        }

        func location(of path: String) -> NginxConfiguration.Location? {
            let exact = list.first {
                $0.words.hasPrefix("= ") && Self.unquoted(String($0.words.dropFirst(2)), isExpression: false) == path
            }
            if let exact { return exact }
            let whole = NSRange(path.startIndex..., in: path)
            if let first = expressions.first(where: { $0.0.firstMatch(in: path, range: whole) != nil }) {
                return first.1
            }
            let prefixes = list.filter { location in
                !location.words.hasPrefix("~") && !location.words.hasPrefix("=")
                    && path.hasPrefix(Self.unquoted(location.words, isExpression: false))
            }
            return prefixes.max { $0.words.utf8.count < $1.words.utf8.count }
        }
    }

    /// The path as nginx has it: decoded once, slashes merged; nil when it answers 400 itself.
    private static func read(_ path: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            var value = byte
            if byte == UInt8(ascii: "%") {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let decoded = UInt8(digits, radix: 16),
                    decoded != 0
                else { return nil }
                value = decoded
                rest = rest.dropFirst(2)
            }
            if value == UInt8(ascii: "/"), bytes.last == value { continue }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    @Test(
        "Where something is protected, nginx's location is that of the route which the gateway takes",
        arguments: 1...50 as ClosedRange<UInt64>)
    func agree(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var routes: [Route] = []
        for index in 0..<12 { routes.append(try Self.route(index, &random)) }
        let table = RouteTable(routes)
        let protected = Set(table.routes.filter(\.isProtected).map(\.function.rawValue))
        let configuration = NginxConfiguration(
            serverName: "_", encryption: .none, upstream: "127.0.0.1:1", maximumBodyBytes: 1, rate: 1,
            routes: table.routes.enumerated().map { index, route in
                NginxRoute(
                    path: route.pattern.text, isAsync: false, function: route.function.rawValue,
                    timeoutMilliseconds: 10_000 * (index + 1))
            })
        let locations = try Locations(configuration.locationList)
        var wrong: [String] = []
        for _ in 0..<2000 {
            let path = Self.spelling(of: table.routes.randomElement(using: &random), &random)
            guard case .found(let route, _) = table.match(path: path, method: .get), let read = Self.read(path) else {
                continue
            }
            let functions = locations.location(of: read)?.functions ?? []
            // Without a location of its own the path waits at `/`, as long as any function may take.
            let matters = !functions.isEmpty && (route.isProtected || !functions.isDisjoint(with: protected))
            if matters, !functions.contains(route.function.rawValue) {
                wrong.append("\(path): \(route.pattern), not \(functions)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5)) of \(table.routes.map(\.pattern))")
    }

    @Test("An expression that stands for fewer paths goes first, and a prefix that one could hide is written as one")
    func order() {
        let paths = ["/files/{rest+}", "/files/special/{rest+}", "/files/own/*", "/other/*", "/{name}/meta"]
        let configuration = NginxConfiguration(
            serverName: "_", encryption: .none, upstream: "127.0.0.1:1", maximumBodyBytes: 1, rate: 1,
            routes: paths.map { NginxRoute(path: $0, isAsync: false, function: "f", timeoutMilliseconds: 1) })
        #expect(
            configuration.locationList.map(\.words) == [
                #"~ "^/files/own/.*$""#, #"~ "^/files/special/.+$""#, #"~ "^/files/.+$""#, #"~ "^/other/.*$""#,
                #"~ "^/[^/]+/meta$""#,
            ])
    }

    @Test("A function for all paths has its own time limit at /")
    func catchAll() {
        let route = NginxRoute(path: "/*", isAsync: false, function: "f", timeoutMilliseconds: 120_000)
        let text = NginxConfiguration(
            serverName: "_", encryption: .none, upstream: "127.0.0.1:1", maximumBodyBytes: 1, rate: 1, routes: [route]
        ).text
        #expect(text.contains("location / {\n        proxy_read_timeout 125s;"))
    }

    private static let literals = ["a", "b", "adm", "x.y", "%C3%A9", "a%20b"]

    private static func route(_ index: Int, _ random: inout SplitMix64) throws -> Route {
        var pattern = ""
        let count = Int.random(in: 1...4, using: &random)
        for place in 0..<count {
            let isLast = place == count - 1
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<7: pattern += "/" + (literals.randomElement(using: &random) ?? "a")
            case 7..<9: pattern += "/{p\(place)}"
            case 9: pattern += isLast ? "/{t\(place)+}" : "/a"
            case 10: pattern += isLast ? "/*" : "/b"
            default: pattern += "/adm"
            }
        }
        let isProtected = Int.random(in: 0..<3, using: &random) == 0
        return Route(
            pattern: try RoutePattern(pattern), function: try #require(FunctionName("f\(index)")),
            policies: isProtected ? RoutePolicies(auth: .keys(["k"])) : nil)
    }

    private static func spelling(of route: Route?, _ random: inout SplitMix64) -> String {
        var path = ""
        for segment in route?.pattern.segments ?? [] {
            switch segment {
            case .literal(let text): path += "/" + text
            case .parameter: path += "/" + (literals.randomElement(using: &random) ?? "a")
            case .tail, .wildcard: path += "/" + (["", "a", "adm/b", "q/"].randomElement(using: &random) ?? "")
            }
        }
        var bytes = Array(path.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where bytes.indices.contains(place):
                bytes.replaceSubrange(place...place, with: "%\(String(bytes[place], radix: 16))".utf8)
            case 1: bytes.append(UInt8(ascii: "/"))
            default:
                let piece = ["/", "//", ";x", "%2F", "%2f", "%3B", "/a", "%3F"].randomElement(using: &random)
                bytes.insert(contentsOf: (piece ?? "").utf8, at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
