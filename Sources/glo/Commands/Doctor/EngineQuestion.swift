import ContainerEngine
import CurlClient
import HostChecks

/// Asks the container engine what it is.
enum EngineQuestion {
    static func ask(environment: [String: String]) -> (facts: EngineFacts?, problem: String?) {
        let socket: String
        do throws(EngineError) {
            socket = try EngineSocket.locate(environment: environment)
        } catch {
            return (nil, "\(error)")
        }
        do throws(CurlError) {
            let session = CurlSession()
            let version = try session.perform(request("/version", socket))
            let info = try session.perform(request("/info", socket))
            let facts = EngineFacts(version: version.body, info: info.body)
            return (facts, facts == nil ? "its answer at \(socket) cannot be read" : nil)
        } catch {
            return (nil, error.message)
        }
    }

    private static func request(_ path: String, _ socket: String) -> CurlRequest {
        CurlRequest(url: "http://engine\(path)", unixSocketPath: socket, timeoutMilliseconds: 10_000)
    }
}
