package import HTTPCodec

/// `Authorization: Bearer TOKEN` (RFC 6750, 2.1).
package enum BearerToken {
    /// Nil when there is none.
    package static func read(_ fields: HTTPFields) -> String? {
        guard let value = fields.first("authorization"), value.utf8.count > 7,
            value.prefix(7).lowercased() == "bearer "
        else { return nil }
        let token = value.dropFirst(7).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
