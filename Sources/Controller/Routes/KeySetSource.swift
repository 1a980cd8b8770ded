import InitLink
import CLinux
import FunctionModel
import Glibc
import LinuxSystem
import OutboundHTTP
import TokenAuth

/// Where the keys of tokens come from. Called on threads that may wait.
struct KeySetSource: Sendable {
    /// A JWK Set has some KiB.
    private static let largestBytes = 1 << 20
    /// How long it takes until keys that could not be loaded, or that a token does not fit, are looked for again.
    static let retryMilliseconds: Int64 = 10_000

    let secrets: SecretFiles
    let outbound: OutboundClient

    func load(_ settings: TokenSettings, filesPath: String) async -> Result<TokenVerifier, TokenError> {
        do throws(TokenError) {
            let bytes = try await read(settings.keySet, filesPath)
            return .success(try await TokenVerifier(keySet: bytes, settings: settings))
        } catch {
            return .failure(error)
        }
    }

    private func read(_ keySet: TokenSettings.KeySet, _ filesPath: String) async throws(TokenError) -> [UInt8] {
        switch keySet {
        case .secret(let name):
            do throws(ControllerError) {
                return try secrets.load([name]).first?.contents ?? []
            } catch {
                throw .keySet("\(error)")
            }
        case .file(let name): return try Self.readFile(name, in: filesPath)
        case .url(let url): return try await fetch(url)
        }
    }

    /// A file of the version, through no link: a function's files may hold some.
    private static func readFile(_ name: String, in directory: String) throws(TokenError) -> [UInt8] {
        let path = "\(directory)/\(name)"
        let folder = clinux_open_directory(directory)
        guard folder >= 0 else { throw .keySet("\(directory) cannot be read: \(SystemError.text(-folder))") }
        defer { close(folder) }
        let descriptor = clinux_open_beneath(folder, name, false)
        guard descriptor >= 0 else { throw .keySet("\(path) cannot be read: \(SystemError.text(-descriptor))") }
        defer { close(descriptor) }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileDescriptor.readAll(descriptor, limit: largestBytes) } catch {
            throw .keySet("\(path) cannot be read: \(error)")
        }
        guard bytes.count <= largestBytes else { throw .keySet("\(path) is larger than \(largestBytes) bytes") }
        return bytes
    }

    private func fetch(_ url: String) async throws(TokenError) -> [UInt8] {
        do throws(OutboundError) {
            let request = OutboundRequest(
                url: try DestinationURL(url), method: "GET", fields: [("Accept", "application/json")],
                timeoutMilliseconds: 10_000)
            let response = try await outbound.send(request)
            guard response.status == 200, !response.isBodyTruncated else {
                throw OutboundError(
                    code: .invalidRequest, message: "\(url) answered with status \(response.status) and no key set.")
            }
            return response.body
        } catch {
            throw .keySet("\(error)")
        }
    }
}

extension TokenSettings.KeySet {
    var isRemote: Bool {
        switch self {
        case .url: true
        case .secret, .file: false
        }
    }

    /// How long loaded keys count. The file of a version never changes.
    var freshMilliseconds: Int64 {
        switch self {
        case .secret: 5_000
        case .file: 86_400_000
        case .url: 600_000
        }
    }

    var text: String {
        switch self {
        case .secret(let name): "the secret \(name)"
        case .file(let name): "./\(name)"
        case .url(let url): url
        }
    }
}
