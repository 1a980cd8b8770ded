import CurlClient
import FunctionModel
import Logging
import Synchronization
import TextForms

extension DockerEngine {
    /// Makes a call; an error status becomes an error.
    /// - Parameter subject: what the call is about, for the error's sentence.
    @discardableResult
    func call(_ call: EngineCall, _ subject: String) async throws(EngineError) -> CurlResponse {
        let response = try await connection.perform(call)
        guard response.status < 400 else { throw Self.failure(response, subject: subject) }
        return response
    }

    static func failure(_ response: CurlResponse, subject: String) -> EngineError {
        let message = try? EngineJSON.decode(EngineMessages.Failure.self, from: response.body).message
        return EngineError(
            status: response.status, message: message ?? String(decoding: response.body.prefix(200), as: UTF8.self),
            subject: subject)
    }

    func inspect(_ id: ContainerID) async throws(EngineError) -> EngineMessages.Container {
        let response = try await call(EngineCall(path: "/containers/\(id)/json"), id.rawValue)
        return try EngineJSON.decode(EngineMessages.Container.self, from: response.body)
    }

    /// - Parameters:
    ///   - container: its name or the engine's id.
    ///   - force: also when it runs; else a running one stays and is no failure.
    func delete(_ container: String, force: Bool) async throws(EngineError) {
        let response = try await connection.perform(
            EngineCall(
                method: "DELETE", path: "/containers/\(container)?v=1\(force ? "&force=1" : "")",
                deadline: .remove))
        // 404: gone. 409: somebody removes it already, or without force: it runs.
        guard response.status >= 400, response.status != 404, response.status != 409 else { return }
        throw Self.failure(response, subject: container)
    }

    /// The profile with the image's id in it, which is made or looked up when it is not known yet.
    func profile(for spec: ContainerSpec) async throws(EngineError) -> ContainerProfile {
        let image: ImageFacts
        if let name = spec.image {
            image = try await imageFacts(name)
        } else {
            image = ImageFacts(id: try await ensureBaseImage { _ in }, volumes: [])
        }
        return makeProfile(spec, image: image.id, volumes: image.volumes, processors: facts.withLock { $0.processors })
    }

    /// The host's files belong to the base image only: a real image brings its own.
    func makeProfile(
        _ spec: ContainerSpec, image: String, volumes: [String], processors: Int
    ) -> ContainerProfile {
        ContainerProfile(
            spec: spec, image: image, hostMounts: spec.image == nil ? settings.layout.mounts : [],
            imageVolumes: volumes, processors: processors)
    }

    func createAndStart(_ profile: ContainerProfile) async throws(EngineError) -> RunningContainer {
        let created: EngineMessages.Created
        do throws(EngineError) {
            created = try await create(profile)
        } catch  where error.code == .imageMissing && profile.spec.image == nil {
            // Somebody pruned the base image; it is made anew in a moment.
            facts.withLock { $0.baseImageID = nil }
            created = try await create(try await self.profile(for: profile.spec))
        }
        for warning in created.warnings ?? [] { warnOnce(warning) }
        let id = profile.spec.id
        if Task.isCancelled { throw EngineError(.cancelled, "Nobody waits for \(id) any more.") }
        try await call(
            EngineCall(
                method: "POST", path: "/containers/\(created.id)/start", deadline: .start),
            id.rawValue)
        let container = try await inspect(id)
        let processID = container.state.processID.flatMap { $0 > 0 ? $0 : nil }
        return RunningContainer(id: id, engineID: container.id, processID: processID)
    }

    private func create(_ profile: ContainerProfile) async throws(EngineError) -> EngineMessages.Created {
        let call = EngineCall(
            method: "POST", path: "/containers/create?name=\(PercentEncoding.encode(profile.spec.id.rawValue))",
            body: try EngineJSON.encode(profile.createRequest), deadline: .create)
        let response = try await connection.perform(call)
        if response.status == 404 {
            // Says so of an image only; its words differ from engine to engine.
            let failure = Self.failure(response, subject: profile.image)
            throw EngineError(.imageMissing, failure.message, hint: failure.hint, cause: failure.cause)
        }
        guard response.status < 400 else { throw Self.failure(response, subject: profile.spec.id.rawValue) }
        return try EngineJSON.decode(EngineMessages.Created.self, from: response.body)
    }

    private func warnOnce(_ warning: String) {
        guard facts.withLock({ $0.warned.insert(warning).inserted }) else { return }
        logger.warning("the engine warns about a container", metadata: ["warning": "\(warning)"])
    }
}
