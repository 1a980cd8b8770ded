package import FunctionModel
package import HTTPCodec

/// What a request that is not to be waited for says about its event. Functions never see these fields.
package struct EventWishes: Sendable, Hashable {
    /// `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a structured string, or the bare text.
    package var idempotencyKey: String?
    /// Whose key it is, on a route that knows its callers.
    package var caller: String?
    /// `Glo-Delay`: milliseconds until the event may begin.
    package var delayMilliseconds: Int64?
    /// `Glo-Priority`: 0 (first) to 9.
    package var priority: Int?
    /// `Glo-Group`: events of one group run one after the other, in their order.
    package var group: String?
    /// `Glo-Callback-Url`: where the result is sent.
    package var callbackURL: String?

    /// A year, the longest delay.
    package static let longestDelayMilliseconds: Int64 = 31_622_400_000

    package init() {}

    /// Reads the fields; throws `bad_request` with the field's name when one cannot be used.
    package init(_ fields: HTTPFields) throws(InvocationFailure) {
        if let text = fields.first("idempotency-key") {
            idempotencyKey = try Self.word(Self.unquoted(text), "Idempotency-Key", limit: 255)
        }
        if let text = fields.first("glo-group") { group = try Self.word(text, "Glo-Group", limit: 128) }
        if let text = fields.first("glo-callback-url") {
            callbackURL = try Self.word(text, "Glo-Callback-Url", limit: 2048)
        }
        if let text = fields.first("glo-delay") {
            guard let delay = Self.milliseconds(text), delay <= Self.longestDelayMilliseconds else {
                throw Self.bad("Glo-Delay", text, "a time of at most a year, such as 500ms, 30s, 10m, 6h or 2d")
            }
            delayMilliseconds = delay
        }
        if let text = fields.first("glo-priority") {
            guard let number = Int(text), (0...9).contains(number) else {
                throw Self.bad("Glo-Priority", text, "a number from 0, which goes first, to 9")
            }
            priority = number
        }
    }

    private static func word(_ text: String, _ name: String, limit: Int) throws(InvocationFailure) -> String {
        guard (1...limit).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw bad(name, text, "1 to \(limit) bytes without blanks")
        }
        return text
    }

    private static func bad(_ name: String, _ text: String, _ allowed: String) -> InvocationFailure {
        InvocationFailure(.badRequest, "The header \(name) is '\(text.prefix(80))'; it takes \(allowed).")
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func milliseconds(_ text: String) -> Int64? {
        let units: [(String, Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
        for (suffix, factor) in units where text.hasSuffix(suffix) {
            let digits = text.dropLast(suffix.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(digits) else {
                continue
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow ? nil : product
        }
        return nil
    }
}
