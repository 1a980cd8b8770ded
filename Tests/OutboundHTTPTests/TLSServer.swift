import FoundationEssentials
import Glibc
import Subprocess

/// `openssl s_server` with a certificate that no authority signed, for localhost.
struct TLSServer {
    let port: Int
    /// A PEM file with the certificate.
    let certificatePath: String

    /// Runs the server for as long as `body` does.
    static func run(_ body: @escaping @Sendable (TLSServer) async throws -> Void) async throws {
        var template = Array("/tmp/glo-test-XXXXXX".utf8CString)
        let directory = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!directory.isEmpty, "no temporary directory")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let key = "\(directory)/key.pem"
        let certificate = "\(directory)/certificate.pem"
        _ = try await Subprocess.run(
            .name("openssl"),
            arguments: [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
            ], output: .discarded, error: .discarded)
        // It says the port that it got, in a line such as "ACCEPT 127.0.0.1:40123".
        _ = try await Subprocess.run(
            .name("openssl"),
            arguments: ["s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", certificate],
            input: .none, output: .sequence, error: .discarded
        ) { execution in
            defer { kill(execution.processIdentifier.value, SIGKILL) }
            for try await line in execution.standardOutput.strings() where line.hasPrefix("ACCEPT ") {
                guard let port = Int(line.split(separator: ":").last?.prefix { $0.isNumber } ?? "") else { break }
                return try await body(TLSServer(port: port, certificatePath: certificate))
            }
            preconditionFailure("openssl s_server did not start")
        }
    }
}
