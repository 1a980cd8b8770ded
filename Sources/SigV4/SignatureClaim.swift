import HTTPCodec
import TextForms

/// What a request says of its signature: who signed what, and when. Nothing of it has been proved yet.
package struct SignatureClaim: Sendable {
    package let accessKeyID: String
    /// Of the scope: `yyyymmdd`, any region, and the name of the service.
    package let date: String
    package let region: String
    package let service: String
    /// In small letters, in the order in which they were signed.
    package let signedHeaders: [String]
    /// `yyyymmddThhmmssZ`.
    package let timestamp: String
    package let unixSeconds: Int64
    /// 32 bytes.
    let signature: [UInt8]
    /// How long a presigned request is good for; nil for one that carries a header.
    package let expiresSeconds: Int64?

    static let algorithm = "AWS4-HMAC-SHA256"
    /// How far the clocks may be apart.
    package static let maxSkewSeconds: Int64 = 300

    /// The claim of a request; nil when it makes none.
    ///
    /// - Throws: ``SigV4Error/Code/incompleteSignature`` when parts are missing.
    package init?(_ request: SignedRequest) throws(SigV4Error) {
        if let authorization = request.fields.first("authorization") {
            guard authorization.hasPrefix(Self.algorithm) else { return nil }
            try self.init(authorization: authorization, request.fields)
        } else if Self.isPresigned(request.query) {
            try self.init(presigned: QueryPairs(request.query))
        } else {
            return nil
        }
    }

    /// Whether the signature stands in the query.
    package static func isPresigned(_ query: String) -> Bool {
        query.utf8.count > 15 && QueryPairs(query).first("X-Amz-Signature") != nil
    }

    private init(authorization: String, _ fields: HTTPFields) throws(SigV4Error) {
        var credential: Substring?
        var signature: Substring?
        var headers: Substring?
        for part in authorization.utf8.dropFirst(Self.algorithm.utf8.count).split(separator: UInt8(ascii: ",")) {
            let part = part.drop { $0 == 0x20 }
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = Substring(part[equals...].dropFirst())
            switch String(Substring(part[..<equals])) {
            case "Credential": credential = value
            case "Signature": signature = value
            case "SignedHeaders": headers = value
            default: break
            }
        }
        let timestamp = fields.first("x-amz-date") ?? fields.first("date")
        guard let credential, let signature, let headers, let timestamp else {
            let parts = [("Credential", credential), ("Signature", signature), ("SignedHeaders", headers)]
            var missing = parts.filter { $0.1 == nil }.map { "Authorization header requires '\($0.0)' parameter." }
            if timestamp == nil {
                missing.append(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
            }
            throw .incomplete(missing.joined(separator: " "))
        }
        try self.init(
            credential: credential, headers: headers, signature: signature, timestamp: timestamp, expires: nil)
    }

    private init(presigned pairs: QueryPairs) throws(SigV4Error) {
        let names = [
            "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
            "X-Amz-Signature",
        ]
        let values = names.map { pairs.first($0) }
        guard let algorithm = values[0], let credential = values[1], let timestamp = values[2], let expires = values[3],
            let headers = values[4], let signature = values[5]
        else {
            let missing = zip(names, values).filter { $0.1 == nil }.map { "'\($0.0)'" }.joined(separator: ", ")
            throw .incomplete("The query lacks \(missing).")
        }
        guard algorithm == Self.algorithm else { throw .incomplete("Unsupported algorithm in 'X-Amz-Algorithm'.") }
        guard let seconds = Int64(expires), (1...604_800).contains(seconds) else {
            throw .incomplete("'X-Amz-Expires' must be a number from 1 to 604800.")
        }
        try self.init(
            credential: credential[...], headers: headers[...], signature: signature[...], timestamp: timestamp,
            expires: seconds)
    }

    private init(
        credential: Substring, headers: Substring, signature: Substring, timestamp: String, expires: Int64?
    ) throws(SigV4Error) {
        let words = credential.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard words.count == 5, words.allSatisfy({ !$0.isEmpty }), words[4].elementsEqual("aws4_request".utf8) else {
            throw .incomplete("Credential must have exactly 5 slash-delimited elements and end with aws4_request.")
        }
        guard let unixSeconds = SignatureTime.unixSeconds(timestamp) else {
            throw .incomplete("The date must be in ISO-8601 'basic format', such as 20260102T030405Z.")
        }
        guard let bytes = Hexadecimal.bytes(signature), bytes.count == 32 else { throw .mismatch }
        accessKeyID = String(Substring(words[0]))
        date = String(Substring(words[1]))
        region = String(Substring(words[2]))
        service = String(Substring(words[3]))
        signedHeaders = headers.utf8.split(separator: UInt8(ascii: ";")).map(Self.lowercased)
        self.timestamp = timestamp
        self.unixSeconds = unixSeconds
        self.signature = bytes
        expiresSeconds = expires
    }

    /// Clients send them in small letters, which costs nothing more.
    private static func lowercased(_ name: Substring.UTF8View) -> String {
        name.contains { (65...90).contains($0) } ? Substring(name).lowercased() : String(Substring(name))
    }

    // MARK: What needs no secret

    /// `date/region/service/aws4_request`.
    var scope: String { "\(date)/\(region)/\(service)/aws4_request" }

    /// Checks all that can be known before the body has arrived.
    ///
    /// - Parameters:
    ///   - services: the names that the scope may have.
    ///   - now: Unix time in seconds.
    package func check(
        _ request: SignedRequest, services: [String], now: Int64
    ) throws(SigV4Error) {
        guard services.contains(service) else {
            let names = services.map { "'\($0)'" }.joined(separator: " or ")
            throw .invalid("Credential should be scoped to correct service: \(names).")
        }
        guard timestamp.hasPrefix(date) else {
            throw .invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(date)' != '\(timestamp.prefix(8))', from '\(timestamp)'.")
        }
        try checkTime(now)
        guard signedHeaders.contains("host") else {
            throw .invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
        }
        if let name = unsignedField(of: request.fields) {
            throw .invalid("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
        }
    }

    /// The first `x-amz-…` field that somebody on the way could have changed.
    private func unsignedField(of fields: HTTPFields) -> String? {
        var unsigned: String?
        fields.forEachBytes { name, _ in
            guard unsigned == nil, name.count > 6 else { return }
            guard ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: name[..<6]), "x-amz-") else { return }
            let text = String(decoding: name, as: UTF8.self).lowercased()
            if !signedHeaders.contains(text) { unsigned = text }
        }
        return unsigned
    }

    private func checkTime(_ now: Int64) throws(SigV4Error) {
        let skew = Self.maxSkewSeconds
        let text = Timestamp.basic(unixSeconds:)
        guard unixSeconds <= now + skew else {
            throw .invalid(
                "Signature not yet current: \(timestamp) is still later than \(text(now + skew)) (\(text(now)) + 5 min.)"
            )
        }
        let end = unixSeconds + (expiresSeconds ?? skew)
        guard now <= end else {
            throw .invalid(
                "Signature expired: \(timestamp) is now earlier than \(text(now - (end - unixSeconds))) "
                    + "(\(text(now)) - \((end - unixSeconds) / 60) min.)")
        }
    }
}
