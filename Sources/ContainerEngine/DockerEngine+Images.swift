import CurlClient
import Synchronization
import TextForms

extension DockerEngine {
    package func ensureImage(
        _ name: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) -> String {
        guard let reference = ImageReference(name) else {
            throw EngineError(
                .badConfiguration, "\"\(name)\" is not the name of an image.",
                hint: "Write it as in `docker pull`, such as debian:bookworm-slim.")
        }
        // An id cannot be pulled; inspecting says whether it is there.
        if let facts = try await lookUpImage(name) { return remember(facts, name).id }
        if reference.repository == "sha256" {
            throw EngineError(.imageMissing, "The engine does not have the image \(name).", hint: "Name it by its tag.")
        }
        try await pull(reference, name: name, progress: progress)
        guard let facts = try await lookUpImage(name) else {
            throw EngineError(.imageMissing, "The image \(name) was pulled and is not there.", hint: "Try again.")
        }
        progress("pulled \(name)")
        return remember(facts, name).id
    }

    /// What is known of an image that must be there already.
    func imageFacts(_ name: String) async throws(EngineError) -> ImageFacts {
        if let known = facts.withLock({ $0.images[name] }) { return known }
        guard let found = try await lookUpImage(name) else {
            throw EngineError(
                .imageMissing, "The engine does not have the image \(name).", hint: "Pull it: `docker pull \(name)`.")
        }
        return remember(found, name)
    }

    /// Makes the built-in image unless the engine has it.
    /// - Returns: its id.
    func ensureBaseImage(_ progress: @Sendable (String) -> Void) async throws(EngineError) -> String {
        if let id = facts.withLock({ $0.baseImageID }) { return id }
        var found = try await lookUpImage(baseImage.name)
        if found == nil {
            progress("making the base image \(baseImage.name)")
            try await call(
                EngineCall(
                    method: "POST", path: "/images/create?fromSrc=-&repo=\(BaseImage.repository)&tag=\(baseImage.tag)",
                    body: baseImage.archive, contentType: "application/x-tar",
                    deadline: .importImage), baseImage.name)
            found = try await lookUpImage(baseImage.name)
        }
        guard let found else {
            throw EngineError(
                .imageMissing, "The base image \(baseImage.name) was made and is not there.",
                hint: "See the engine's log (`journalctl -u docker`).")
        }
        facts.withLock { $0.baseImageID = found.id }
        return found.id
    }

    /// Nil when the engine does not have it.
    private func lookUpImage(_ name: String) async throws(EngineError) -> ImageFacts? {
        let path = name.split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
        let response = try await connection.perform(EngineCall(path: "/images/\(path)/json"))
        if response.status == 404 { return nil }
        guard response.status < 400 else { throw Self.failure(response, subject: name) }
        let image = try EngineJSON.decode(EngineMessages.Image.self, from: response.body)
        return ImageFacts(id: image.id, volumes: (image.config?.volumes ?? [:]).keys.sorted())
    }

    private func remember(_ image: ImageFacts, _ name: String) -> ImageFacts {
        facts.withLock { facts in
            facts.images[name] = image
            facts.images[image.id] = image
        }
        return image
    }

    private func pull(
        _ reference: ImageReference, name: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(EngineError) {
        progress("pulling \(name)")
        let state = SharedPullProgress(name)
        let response = try await connection.streamLines(
            EngineCall(
                method: "POST",
                path: "/images/create?fromImage=\(PercentEncoding.encode(reference.repository))"
                    + "&tag=\(PercentEncoding.encode(reference.reference))",
                deadline: .pull)
        ) { bytes in
            if let sentence = state.line(bytes) { progress(sentence) }
        }
        let cause: String? =
            if response.status >= 400 { Self.failure(response, subject: name).cause ?? "" } else { state.error }
        guard let cause else { return }
        throw EngineError(
            .imageMissing, "The image \(name) cannot be pulled.",
            hint: "See the spelling, the network, and whether `docker pull \(name)` works.", cause: cause)
    }
}

/// The progress of a pull, which the stream's thread feeds and the caller asks for an error in the end.
private final class SharedPullProgress: Sendable {
    private let progress: Mutex<PullProgress>

    init(_ image: String) { progress = Mutex(PullProgress(image: image)) }

    var error: String? { progress.withLock { $0.error } }

    func line(_ bytes: [UInt8]) -> String? {
        guard let line = try? EngineJSON.decode(EngineMessages.PullLine.self, from: bytes) else { return nil }
        return progress.withLock { $0.line(line) }
    }
}
