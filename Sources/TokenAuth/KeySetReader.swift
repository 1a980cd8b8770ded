import FoundationEssentials
import FunctionModel
import JSONCodec
import JWTKit
import TextForms

/// Reads the keys of a JWK Set one by one: a set may hold kinds that are not known here.
enum KeySetReader {
    static func read(_ bytes: [UInt8]) throws(TokenError) -> [VerificationKey] {
        guard let root = (try? JSONValue(bytes))?.object else { throw .keySet("the key set is no JSON object") }
        // A single key does too.
        guard let items = root["keys"]?.array ?? (root["kty"] == nil ? nil : [.object(root)]) else {
            throw .keySet("the key set has no 'keys'")
        }
        return items.enumerated().compactMap { index, item in
            guard let members = item.object, members["use"]?.string ?? "sig" == "sig" else { return nil }
            return key(members, index)
        }
    }

    private static func key(_ members: JSONObject, _ index: Int) -> VerificationKey? {
        var members = members
        // A key without an id gets one that no token names.
        let id = members["kid"]?.string ?? "\u{0}\(index)"
        members["kid"] = .string(id)
        if members["kty"]?.string == "oct" {
            let octets = members["k"]?.string.flatMap { Base64.decode($0, .url) }
            guard let octets, octets.count >= 32 else { return nil }
            return VerificationKey(id: id, algorithm: members["alg"]?.string, material: .octets(octets))
        }
        guard let key = try? JSONDecoder().decode(JWK.self, from: Data(JSONValue.object(members).bytes)) else {
            return nil
        }
        return VerificationKey(id: id, algorithm: members["alg"]?.string, material: .publicKey(key))
    }
}
