import Testing

@testable import ContainerEngine

@Suite struct APIVersionTests {
    @Test(
        "The version is never above the server's and never below what it serves",
        arguments: [
            ("1.41", "1.12", "1.41"), ("1.43", nil, "1.43"), ("1.51", "1.24", "1.51"), ("1.60", "1.44", "1.51"),
            ("1.70", "1.55", "1.55"),
        ] as [(String, String?, String)])
    func negotiated(_ server: String, _ minimum: String?, _ expected: String) throws {
        let version = try APIVersion.negotiated(
            server: try #require(APIVersion(server)), serverMinimum: minimum.flatMap { APIVersion($0) })
        #expect(version.description == expected)
    }

    @Test("An engine older than 20.10 is refused with what to do")
    func tooOld() {
        let error = #expect(throws: EngineError.self) {
            try APIVersion.negotiated(server: APIVersion(1, 40), serverMinimum: nil)
        }
        #expect(error?.code == .notSupported && error?.hint.isEmpty == false)
    }
}
