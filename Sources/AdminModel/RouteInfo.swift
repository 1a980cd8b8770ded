/// One route of a function.
package struct RouteInfo: Codable, Hashable, Sendable {
    /// The pattern, such as `/hello/{id}`.
    package var path: String
    /// Method names in capitals; nil is any.
    package var methods: [String]?
    /// `sync` or `async`.
    package var mode: String

    package init(path: String, methods: [String]? = nil, mode: String = "sync") {
        self.path = path
        self.methods = methods
        self.mode = mode
    }

    /// `GET,POST /hello/{id}`; the methods are left out when any will do.
    package var text: String {
        let prefix = methods.map { $0.joined(separator: ",") + " " } ?? ""
        return prefix + path + (mode == "sync" ? "" : " (\(mode))")
    }
}
