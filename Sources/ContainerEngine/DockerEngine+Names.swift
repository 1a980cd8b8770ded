import CurlClient
import Synchronization
import TextForms

extension DockerEngine {
    /// Larger files of an image are left alone.
    private static let nameFileLimit = 256 << 10

    package func names(inImage image: String, for labels: ContainerLabels) async throws(EngineError) -> ImageNames {
        if let known = facts.withLock({ $0.names[image] }) { return known }
        // The engine shows files of containers, not of images; this one is never started.
        let request = ImageLookRequest(
            image: image, labels: Dictionary(uniqueKeysWithValues: labels.pairs.map { ($0.key, $0.value) }))
        let response = try await connection.perform(
            EngineCall(
                method: "POST", path: "/containers/create", body: try EngineJSON.encode(request), deadline: .create))
        guard response.status < 400 else { throw Self.failure(response, subject: image) }
        let container = try EngineJSON.decode(EngineMessages.Created.self, from: response.body).id
        let found: Result<ImageNames, EngineError>
        do throws(EngineError) {
            found = .success(
                ImageNames(
                    passwd: try await text(of: "/etc/passwd", in: container),
                    group: try await text(of: "/etc/group", in: container)))
        } catch {
            found = .failure(error)
        }
        await Task { try? await self.delete(container, force: true) }.value
        let names = try found.get()
        facts.withLock { $0.names[image] = names }
        return names
    }

    /// Empty where there is no such file, or one that is no text.
    private func text(of path: String, in container: String) async throws(EngineError) -> String {
        var call = EngineCall(path: "/containers/\(container)/archive?path=\(PercentEncoding.encode(path))")
        call.maxResponseBytes = Self.nameFileLimit + 4096
        let response = try await connection.perform(call)
        guard response.status != 404 else { return "" }
        guard response.status < 400 else { throw Self.failure(response, subject: path) }
        guard let bytes = TarFile.contents(of: response.body) else { return "" }
        return String(validating: bytes, as: UTF8.self) ?? ""
    }
}

/// The body of `POST /containers/create` for a container that only shows what is in its image.
private struct ImageLookRequest: Encodable {
    var image: String
    var entrypoint = ["/run/glo-init"]
    var labels: [String: String]
    var networkDisabled = true
}
