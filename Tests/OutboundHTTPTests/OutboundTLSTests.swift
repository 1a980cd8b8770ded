import LinuxSystem
import Testing

@testable import OutboundHTTP

/// Certificates are checked.
@Suite(.timeLimit(.minutes(1)))
struct OutboundTLSTests {
    private func settings() throws -> OutboundSettings {
        var settings = OutboundSettings()
        settings.addressRule = OutboundAddressRule(allowed: [try #require(AddressRange("127.0.0.1"))])
        return settings
    }

    private func outcome(
        _ settings: OutboundSettings, _ server: TLSServer, host: String
    ) async throws -> Result<Int, OutboundError> {
        let client = OutboundClient(settings: settings)
        let request = OutboundRequest(url: try DestinationURL("https://\(host):\(server.port)/"), method: "GET")
        let result: Result<Int, OutboundError>
        do throws(OutboundError) {
            result = .success(try await client.send(request).status)
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return result
    }

    @Test("A certificate that nobody vouches for is refused")
    func selfSigned() async throws {
        let settings = try settings()
        try await TLSServer.run { server in
            guard case .failure(let error) = try await outcome(settings, server, host: "localhost") else {
                Issue.record("the server was trusted")
                return
            }
            #expect(error.code == .tls)
            #expect(error.message.contains("certificate"))
        }
    }

    @Test("A certificate that the settings trust is taken for its name, and for no other")
    func trusted() async throws {
        let settings = try settings()
        try await TLSServer.run { server in
            var settings = settings
            settings.trustedCertificatesPath = server.certificatePath
            #expect(try await outcome(settings, server, host: "localhost") == .success(200))
            guard case .failure(let error) = try await outcome(settings, server, host: "127.0.0.1") else {
                Issue.record("the server was trusted under another name")
                return
            }
            #expect(error.code == .tls)
        }
    }

    @Test("A file of trusted certificates that is not there is an error, not trust")
    func noFile() async throws {
        var settings = try settings()
        settings.trustedCertificatesPath = "/nowhere/certificates.pem"
        let settings2 = settings
        try await TLSServer.run { server in
            guard case .failure(let error) = try await outcome(settings2, server, host: "localhost") else {
                Issue.record("the server was trusted")
                return
            }
            #expect(error.code == .tls)
        }
    }
}
