import AdminTestSupport
import Controller
import Crypto
import Testing

@Suite("The admin token")
struct AdminTokenTests {
    private static let secret = "a-token-of-good-length"

    @Test("Only the exact token in a bearer field matches")
    func matching() throws {
        let token = try AdminToken(Self.secret)
        #expect(token.matches(authorization: "Bearer \(Self.secret)"))
        #expect(token.matches(authorization: "bearer \(Self.secret)"))
        for wrong in [
            nil, "", "Bearer", "Bearer ", Self.secret, "Basic \(Self.secret)", "Bearer \(Self.secret)x",
            "Bearer  \(Self.secret)",
        ] {
            #expect(!token.matches(authorization: wrong), "\(wrong ?? "nil")")
        }
    }

    @Test("A token may be given by its hash")
    func hashed() throws {
        let hash = SHA256.hash(data: Array(Self.secret.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
        #expect(try AdminToken("sha256:\(hash)").matches(authorization: "Bearer \(Self.secret)"))
    }

    @Test(
        "Weak tokens and broken hashes are refused",
        arguments: [
            "", "short", "sha256:", "sha256:zz", "sha256:" + String(repeating: "g", count: 64),
            "sha256:" + String(repeating: "+f", count: 32),
        ])
    func weak(text: String) {
        let error = #expect(throws: AdminServerError.self) { _ = try AdminToken(text) }
        #expect(error?.code == .tokenUnusable)
    }

    @Test("The environment comes first, then the file, then nothing")
    func sources() throws {
        let directory = try TemporaryDirectory()
        #expect(try AdminToken.load(environment: nil, stateDirectory: directory.path) == nil)
        directory.write("token-from-the-file\n", to: "admin.token", mode: 0o600)
        let fromFile = try AdminToken.load(environment: "", stateDirectory: directory.path)
        #expect(fromFile?.matches(authorization: "Bearer token-from-the-file") == true)
        let fromEnvironment = try AdminToken.load(environment: Self.secret, stateDirectory: directory.path)
        #expect(fromEnvironment?.matches(authorization: "Bearer \(Self.secret)") == true)
    }

    @Test("A token file that others may read is refused")
    func readableByOthers() throws {
        let directory = try TemporaryDirectory()
        directory.write("token-from-the-file\n", to: "admin.token", mode: 0o644)
        let error = #expect(throws: AdminServerError.self) {
            _ = try AdminToken.load(environment: nil, stateDirectory: directory.path)
        }
        #expect(error?.code == .tokenUnusable)
    }
}
