/// A version of the Engine API, such as 1.41.
struct APIVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
    var major: Int
    var minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".")
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major, minor)
    }

    /// The oldest that knows all that the profile needs.
    static let oldest = Self(1, 41)
    /// The newest whose calls were looked through for this code.
    static let newest = Self(1, 51)
    /// The one from which command lines say `bind-recursive`.
    static let bindRecursive = Self(1, 44)

    /// The version to speak with a server: never above its own, never below what it still serves.
    static func negotiated(server: Self, serverMinimum: Self?) throws(EngineError) -> Self {
        guard server >= oldest else {
            throw EngineError(
                .notSupported, "The engine speaks API \(server); Glo needs \(oldest) or later.",
                hint: "Install Docker 20.10 or later.")
        }
        let wanted = min(server, newest)
        guard let serverMinimum, serverMinimum > wanted else { return wanted }
        // Newer than all that is known here: its oldest is the nearest to that.
        return serverMinimum
    }

    static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    var description: String { "\(major).\(minor)" }
}
