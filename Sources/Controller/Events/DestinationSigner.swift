import CloudEvents
import FunctionModel
import InitLink
import NIOCore
import OutboundHTTP

/// Makes the signed request of a delivery. A target is `url:https://…`, or `url+SECRET:https://…` with the name of the
/// secret that signs it; without one the controller's own signs. With `cloudevent` in the place of `url` the record is
/// sent as a CloudEvent.
struct DestinationSigner: Sendable {
    /// Nil when its file is damaged.
    let ownSecret: WebhookSecret?
    let secrets: SecretFiles
    let allowsPlainHTTP: Bool
    let unixSeconds: @Sendable () -> Int64

    func request(
        to target: String, id: String, body: ByteBuffer, timeoutMilliseconds: Int
    ) throws(InvocationFailure) -> OutboundRequest {
        let kind = target.prefix { $0 != ":" && $0 != "+" }
        guard kind == "url" || kind == "cloudevent", let colon = target.firstIndex(of: ":") else {
            throw InvocationFailure(.badRequest, "the destination '\(target.prefix(80))' is no URL")
        }
        let secret = try secret(String(target[..<colon].dropFirst(kind.count + 1)))
        let isEvent = kind == "cloudevent"
        let bytes = Array((isEvent ? try OutcomeEvent.encode(record: body, id: id) : body).readableBytesView)
        let type = isEvent ? CloudEvent.structuredContentType : "application/json"
        do throws(OutboundError) {
            let url = try DestinationURL(
                String(target[target.index(after: colon)...]), allowsPlainHTTP: allowsPlainHTTP)
            let signature = try StandardWebhooks.fields(
                id: id, timestampSeconds: Int(unixSeconds()), body: bytes, secrets: [secret])
            return OutboundRequest(
                url: url, fields: [("content-type", type)] + signature, body: bytes,
                timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            throw InvocationFailure(.badRequest, error.description)
        }
    }

    private func secret(_ name: String) throws(InvocationFailure) -> WebhookSecret {
        guard !name.isEmpty else {
            if let ownSecret { return ownSecret }
            throw InvocationFailure(.stateDamaged, "webhook.secret is damaged, so the delivery cannot be signed")
        }
        let contents: [UInt8]
        do throws(ControllerError) {
            contents = try secrets.load([name]).first?.contents ?? []
        } catch {
            throw InvocationFailure(.internalError, error.message)
        }
        let text = String(decoding: contents, as: UTF8.self).filter { !$0.isNewline }
        guard let secret = WebhookSecret(text) else {
            throw InvocationFailure(.internalError, "the secret \(name) is no key for a signature")
        }
        return secret
    }
}
