import CloudEvents
import FunctionModel
import JSONCodec
import NIOCore

/// The record of an ended event as a CloudEvent.
enum OutcomeEvent {
    /// - Parameter id: the delivery's, for a record that says nothing of its invocation.
    static func encode(record: ByteBuffer, id: String) throws(InvocationFailure) -> ByteBuffer {
        let bytes = Array(record.readableBytesView)
        guard let object = (try? JSONValue(bytes))?.object, let context = object["requestContext"]?.object else {
            throw InvocationFailure(.internalError, "the record is none that can be a CloudEvent")
        }
        // arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION
        let arn = (context["functionArn"]?.string ?? "").split(separator: ":")
        let succeeded = context["condition"]?.string == "Success"
        do throws(CloudEventError) {
            let event = try CloudEvent(
                id: context["requestId"]?.string ?? id, source: "glo:function:\(arn.count > 6 ? arn[6] : "unknown")",
                type: succeeded ? "glo.invocation.succeeded" : "glo.invocation.failed",
                dataContentType: "application/json", time: object["timestamp"]?.string, content: .json(bytes))
            return event.structuredJSON()
        } catch {
            throw InvocationFailure(.internalError, "the record is none that can be a CloudEvent: \(error)")
        }
    }
}
