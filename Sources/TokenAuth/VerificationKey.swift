import FunctionModel
import JWTKit

/// One key of a set.
struct VerificationKey {
    enum Material {
        case publicKey(JWK)
        /// A shared key of at least 256 bits (RFC 7518, 3.2).
        case octets([UInt8])
    }

    let id: String
    /// The one algorithm that it is for; nil is every one of its kind.
    let algorithm: String?
    let material: Material

    /// Adds the key for this algorithm; false when it is for another one or cannot be used.
    func add(to collection: JWTKeyCollection, for wanted: TokenSettings.Algorithm) async -> Bool {
        guard algorithm ?? wanted.rawValue == wanted.rawValue else { return false }
        switch material {
        case .octets(let octets):
            guard let digest = Self.digest(wanted) else { return false }
            await collection.add(hmac: HMACKey(from: octets), digestAlgorithm: digest, kid: JWKIdentifier(string: id))
            return true
        case .publicKey(var key):
            guard Self.fits(key, wanted), let algorithm = JWK.Algorithm(rawValue: wanted.rawValue) else { return false }
            key.algorithm = algorithm
            do {
                try await collection.add(jwk: key)
                return true
            } catch {
                return false
            }
        }
    }

    private static func digest(_ algorithm: TokenSettings.Algorithm) -> DigestAlgorithm? {
        switch algorithm {
        case .hs256: .sha256
        case .hs384: .sha384
        case .hs512: .sha512
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512, .es256, .es384, .es512, .edDSA: nil
        }
    }

    private static func fits(_ key: JWK, _ algorithm: TokenSettings.Algorithm) -> Bool {
        switch algorithm {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: key.keyType == .rsa
        case .es256: key.keyType == .ecdsa && key.curve?.rawValue == "P-256"
        case .es384: key.keyType == .ecdsa && key.curve?.rawValue == "P-384"
        case .es512: key.keyType == .ecdsa && key.curve?.rawValue == "P-521"
        case .edDSA: key.keyType == .octetKeyPair
        case .hs256, .hs384, .hs512: false
        }
    }
}
